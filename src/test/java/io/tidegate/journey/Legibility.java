package io.tidegate.journey;

/** What people with other eyes and hands need of a page, measured in it. */
final class Legibility {

    /** Texts that differ from what is behind them by less than 4.5 to 1, one a line; empty if there are none. */
    static final String FAINT =
            """
            (() => {
              const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
              const known = new Map();
              const parts = (color) => {
                if (!known.has(color)) {
                  canvas.clearRect(0, 0, 1, 1);
                  canvas.fillStyle = color;
                  canvas.fillRect(0, 0, 1, 1);
                  known.set(color, [...canvas.getImageData(0, 0, 1, 1).data]);
                }
                return known.get(color);
              };
              const luminance = (color) => {
                const [r, g, b] = parts(color).map((part) => part / 255).map((part) =>
                    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = (element) => {
                for (let at = element; at; at = at.parentElement) {
                  const { backgroundColor } = getComputedStyle(at);
                  if (parts(backgroundColor)[3] === 255) {
                    return backgroundColor;
                  }
                }
                return "white";
              };
              const faint = [];
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const element = walker.currentNode.parentElement;
                if (walker.currentNode.data.trim() && element.checkVisibility()) {
                  const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
                  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
                  if (contrast < 4.5) {
                    faint.push(`${element.tagName} ${walker.currentNode.data.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
                  }
                }
              }
              return [...new Set(faint)].join("\\n");
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
