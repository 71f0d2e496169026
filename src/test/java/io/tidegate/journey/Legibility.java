package io.tidegate.journey;

/** What people with other eyes and hands need of a page, measured in it. */
final class Legibility {

    /** Texts that differ from what is behind them by less than 4.5 to 1, one a line; empty if there are none. */
    static final String FAINT =
            """
            (() => {
              const rgba = (text) => (text.match(/[\\d.]+/g) ?? ["0", "0", "0", "0"]).map(Number);
              const behind = (element) => {
                for (let each = element; each; each = each.parentElement) {
                  const colour = rgba(getComputedStyle(each).backgroundColor);
                  if (colour.length < 4 || colour[3] > 0) {
                    return colour;
                  }
                }
                return [255, 255, 255];
              };
              const light = (colour) => {
                const [red, green, blue] = colour.map((part) => {
                  const share = part / 255;
                  return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
              };
              const contrast = (one, other) => {
                const [less, more] = [light(one), light(other)].sort((left, right) => left - right);
                return (more + 0.05) / (less + 0.05);
              };
              const faint = new Set();
              const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const element = texts.currentNode.parentElement;
                if (texts.currentNode.data.trim() !== "" && element.checkVisibility()) {
                  const ratio = contrast(rgba(getComputedStyle(element).color), behind(element));
                  if (ratio < 4.5) {
                    faint.add(`${element.tagName} ${texts.currentNode.data.trim()}: ${ratio.toFixed(2)}`);
                  }
                }
              }
              return [...faint].join("\\n");
            })()
            """;

    /** By how many pixels the page is wider than its window; the window cannot be scrolled sideways if that is none. */
    static final String TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth + ''";

    /** What can be pressed or written into, and has neither a text nor a name; empty if there is nothing. */
    static final String NAMELESS =
            """
            [...document.querySelectorAll("button, input, select, [tabindex]")]
              .filter((each) => each.checkVisibility())
              .filter((each) => !each.textContent.trim() && !each.ariaLabel && !each.labels?.length
                && !each.getAttribute("aria-labelledby"))
              .map((each) => each.outerHTML)
              .join("\\n")
            """;

    /** How many there are that the key Tab has to come to. */
    static final String REACHABLE =
            """
            [...document.querySelectorAll("button, input, select, [tabindex='0']")]
              .filter((each) => each.checkVisibility() && !each.disabled).length + ""
            """;

    /** What has the focus, and whether that can be seen. */
    static final String FOCUSED =
            """
            (() => {
              const { activeElement } = document;
              const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
              if (activeElement === document.body) {
                return "";
              }
              const name = activeElement.id || activeElement.dataset.column || activeElement.outerHTML;
              return `${name} ${outlineStyle !== "none" && parseFloat(outlineWidth) >= 1}`;
            })()
            """;

    private Legibility() {}
}
