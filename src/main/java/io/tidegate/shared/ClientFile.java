package io.tidegate.shared;

import io.tidegate.document.OwnFiles;
import io.tidegate.document.Reason;
import io.tidegate.settings.ForeignSettings;
import io.tidegate.shared.SharedLogException.Kind;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings of a log's clients in a file of lines NAME=VALUE, as not everybody may see them. */
public final class ClientFile {

    private static final Logger log = LoggerFactory.getLogger(ClientFile.class);

    private ClientFile() {}

    /**
     * Reads a file, if there is one, over what is set elsewhere.
     *
     * @param known which settings there are
     * @param elsewhere the name of the section that they have elsewhere
     * @throws SharedLogException if that cannot be used; values are not told
     */
    public static Map<String, String> over(
            Map<String, String> set, Optional<Path> file, ForeignSettings known, String elsewhere)
            throws SharedLogException {
        Map<String, String> all = new TreeMap<>(set);
        if (file.isPresent()) {
            for (Map.Entry<String, String> each : read(file.get(), known).entrySet()) {
                if (all.putIfAbsent(each.getKey(), each.getValue()) != null) {
                    throw unusable(file.get() + ": " + each.getKey() + " is set in " + elsewhere + ", too");
                }
            }
        }
        return all;
    }

    private static Map<String, String> read(Path file, ForeignSettings known) throws SharedLogException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new SharedLogException(Kind.UNUSABLE, "cannot read " + file + ": " + Reason.of(e), e);
        }
        warnOfReaders(file);
        Map<String, String> read = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            String value = properties.getProperty(name);
            read.put(name, value);
            if (!known.names().contains(name)) {
                throw unusable(file + ": " + name + ": allowed is " + known.whichNames());
            }
            Optional<String> allowed = known.allowedInstead(name, value);
            if (allowed.isPresent()) {
                throw unusable(file + ": " + name + ": allowed is " + allowed.get());
            }
        }
        return read;
    }

    private static SharedLogException unusable(String line) {
        return new SharedLogException(Kind.UNUSABLE, line);
    }

    /** Of a file with secrets. */
    public static void warnOfReaders(Path file) {
        if (OwnFiles.isReadableByAll(file)) {
            log.warn("{} can be read by every user of this machine: chmod o-r {}", file, file);
        }
    }
}
