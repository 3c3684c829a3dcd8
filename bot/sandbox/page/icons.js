/** The page's drawings: strokes on a 24 by 24 grid, in the colour of the text around them. */

/** @type {Record<string, string>} */
const PATHS = {
  attach: "M20 11.5 12.2 19.3a5 5 0 0 1-7.1-7.1l8.3-8.3a3.4 3.4 0 0 1 4.8 4.8l-8.3 8.3a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4",
  back: "M15 5l-7 7 7 7",
  beside: "M4 5h16v14H4zM12 5v14",
  chat: "M4 5h16v11H9l-5 4z",
  chevron: "M6 9l6 6 6-6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6L6 18",
  contact: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  document: "M6 3h8l5 5v13H6zM14 3v5h5M9.5 13h6M9.5 16.5h6",
  down: "M12 5v14M6 13l6 6 6-6",
  download: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
  edit: "M5 19l1-4L16.5 4.5l3 3L9 18zM14.5 6.5l3 3",
  forbid: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6",
  inline: "M4 7h16M4 12h10M4 17h7",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5" +
    "M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M3 5h18v11H3zM12 16v4M8 20h8",
  location: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  more:
    "M12 4.8a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4zM12 11.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4z" +
    "M12 17.8a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4z",
  open: "M8 6h10v10M18 6L6 18",
  photo: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 8.5v.01",
  pin: "M9 4h6l-.8 6 3.3 3.5h-11L9.8 10zM12 13.5V20",
  reply: "M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 4.5-.5-5.5-4-8.5-10-8.5z",
  send: "M4.5 12L3 4l18 8-18 8 1.5-8zM4.5 12H12",
  slash: "M4 4h16v16H4zM14.5 8l-5 8",
  sticker: "M12 3a9 9 0 1 0 9 9c-5 0-9-4-9-9zM8.5 12v.01M11 16c1 .7 2.3.9 3.5.5",
  voice: "M12 4a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V7a3 3 0 0 0-3-3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  window: "M4 5h16v14H4zM4 9.5h16",
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
