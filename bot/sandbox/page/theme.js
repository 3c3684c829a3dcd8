/** Light, dark, or as the system has it. A plain script in the head: the choice must be made before the first paint. */
(() => {
  const KEY = "isobot-theme";
  const LABELS = { auto: "theo hệ thống", light: "sáng", dark: "tối" };
  const THEMES = /** @type {(keyof typeof LABELS)[]} */ (Object.keys(LABELS));

  /** @returns {keyof typeof LABELS} */
  function chosen() {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === stored) ?? "auto";
  }

  /** @param {keyof typeof LABELS} theme */
  function apply(theme) {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById("theme");
    if (!button) return;
    button.title = `Giao diện: ${LABELS[theme]}`;
    button.setAttribute("aria-label", `Giao diện: ${LABELS[theme]}. Bấm để đổi`);
  }

  apply(chosen());
  document.addEventListener("DOMContentLoaded", () => {
    apply(chosen());
    document.getElementById("theme")?.addEventListener("click", () => {
      const next = THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length];
      localStorage.setItem(KEY, next);
      apply(next);
    });
  });
})();
