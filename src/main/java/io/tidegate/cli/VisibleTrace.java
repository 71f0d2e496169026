package io.tidegate.cli;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import io.tidegate.document.Visible;

/** A failure in the log with its trace. Each line is indented, so that none of them looks like an event, whatever it quotes. */
public final class VisibleTrace extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return Visible.ofLines("\t"
                        + super.throwableProxyToString(failure).stripTrailing().replaceAll("\r?\n", "\n\t")) + "\n";
    }
}
