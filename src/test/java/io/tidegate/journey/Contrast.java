package io.tidegate.journey;

/** Whether what a page shows can be read, as a script that is run in it. */
final class Contrast {

    /** The texts whose contrast to what is behind them is below 4.5:1. */
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
                const { top, bottom } = element.getBoundingClientRect();
                if (walker.currentNode.data.trim() && bottom > 0 && top < 2 * innerHeight && element.checkVisibility()) {
                  const [one, other] = [luminance(getComputedStyle(element).color), luminance(behind(element))];
                  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
                  if (contrast < 4.5) {
                    faint.push(contrast.toFixed(2) + " " + walker.currentNode.data.slice(0, 40));
                  }
                }
              }
              return faint.slice(0, 5).join("; ");
            })()
            """;

    private Contrast() {}
}
