package io.tidegate.cli;

import io.tidegate.admin.Build;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built as. */
final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"tidegate " + Build.version()};
    }
}
