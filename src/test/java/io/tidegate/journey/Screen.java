package io.tidegate.journey;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** What a person has before a browser: a screen of some size, in the light or the dark, and a keyboard. */
final class Screen {

    private static final Map<String, Integer> CODES =
            Map.of("Tab", 9, "Enter", 13, "Escape", 27, " ", 32, "End", 35, "Home", 36, "ArrowDown", 40);

    private final Browser browser;

    Screen(Browser browser) throws Exception {
        this.browser = browser;
        // A window that nobody sees has no focus by itself.
        browser.call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
    }

    /** So many pixels wide and high. */
    void size(int width, int height) throws Exception {
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 500)
                        + "}");
    }

    /** @param scheme {@code light} or {@code dark} */
    void scheme(String scheme) throws Exception {
        browser.call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + scheme + "\"}]}");
    }

    /** Presses a key and lets it go. */
    void press(String key) throws Exception {
        String text = key.equals("Enter") ? ",\"text\":\"\\r\"" : key.equals(" ") ? ",\"text\":\" \"" : "";
        String pressed =
                "\"key\":\"" + key + "\",\"windowsVirtualKeyCode\":" + CODES.getOrDefault(key, (int) key.charAt(0));
        browser.call("Input.dispatchKeyEvent", "{\"type\":\"keyDown\"," + pressed + text + "}");
        browser.call("Input.dispatchKeyEvent", "{\"type\":\"keyUp\"," + pressed + "}");
    }

    /** Types where the focus is. */
    void type(String text) throws Exception {
        browser.call("Input.insertText", "{\"text\":\"" + text + "\"}");
    }

    /** Writes what it shows into a file. */
    void picture(Path file) throws Exception {
        String answer = browser.call("Page.captureScreenshot", "{\"format\":\"png\",\"optimizeForSpeed\":false}");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(answer.replaceAll("(?s).*\"data\":\"([^\"]*)\".*", "$1")));
    }
}
