package io.tidegate.cli;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.tidegate.document.Visible;

/** A message of the log in one line, whatever it quotes of a client: it forges no event and steers no terminal. */
public final class VisibleMessage extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return Visible.of(super.convert(event).replaceAll("[\r\n]+", " "));
    }
}
