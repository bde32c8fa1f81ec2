// Clicks, scrolling and copying; what a click means is decided on the server.
(() => {
  let presses = 0;
  let opener = null;
  let lastQuestion = "";

  const report = (id, value) => {
    const box = document.querySelector(`#${id} textarea, #${id} input`);
    if (!box) return;
    presses += 1; // the same button may be pressed twice
    box.value = `${value}#${presses}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const showPanel = (shown) => {
    document.body.classList.toggle("kb-panel-open", shown);
    if (!shown && opener && opener.isConnected) opener.focus();
  };

  const activate = (value) => {
    document.querySelectorAll("#kb-scroll .kb-active").forEach((item) => item.classList.remove("kb-active"));
    document.querySelectorAll(`#kb-scroll button[value="${CSS.escape(value)}"]`).forEach((item) => item.classList.add("kb-active"));
  };

  const legacyCopy = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  const copy = async (button) => {
    const text = button.parentElement.querySelector(".kb-copied").textContent;
    let done;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      done = legacyCopy(text); // plain http on a local network has no clipboard interface
    }
    const label = button.dataset.label || button.textContent;
    button.dataset.label = label;
    button.textContent = done ? kbTexts.copied : kbTexts.failed;
    setTimeout(() => { button.textContent = label; }, 1600);
  };

  const edit = (text) => {
    const box = document.querySelector("#kb-question textarea");
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[value]");
    if (!button || !button.closest("#kb-scroll, #kb-source")) return;
    const [kind] = button.value.split(":");
    if (["open", "near", "link", "back"].includes(kind)) {
      if (button.closest("#kb-scroll")) opener = button;
      activate(button.value);
      showPanel(true);
      report("kb-opened", button.value);
    } else if (["ask", "alone", "again"].includes(kind)) {
      report("kb-pressed", button.value);
    } else if (kind === "edit") {
      edit(button.parentElement.querySelector("q").textContent);
    } else if (kind === "copy") {
      copy(button);
    } else if (kind === "close") {
      showPanel(false);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showPanel(false);
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      document.querySelector("#kb-question textarea")?.focus();
    }
  });

  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const showMark = (panel) => {
    const mark = panel.querySelector("#kb-mark");
    if (!mark) { panel.scrollTop = 0; return; }
    const covering = [".kb-bar", ".kb-source-facts"].map((name) => panel.querySelector(name))
      .filter((item) => item && getComputedStyle(item).position === "sticky")
      .reduce((height, item) => height + item.offsetHeight, 0);
    const top = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop;
    panel.scrollTop = Math.max(0, top - covering - (panel.clientHeight - covering) * 0.25);
  };

  const showQuestion = (scroller) => {
    const questions = scroller.querySelectorAll(".kb-question");
    const last = questions[questions.length - 1];
    const key = last ? `${questions.length}:${last.textContent}` : "";
    if (key === lastQuestion) return; // an answer that grows is read from its beginning
    lastQuestion = key;
    if (!last) { showPanel(false); scroller.scrollTop = 0; return; }
    const top = last.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
    scroller.scrollTo({ top: Math.max(0, top - 20), behavior: calm.matches ? "auto" : "smooth" });
  };

  const watch = (element, show) => {
    new MutationObserver(() => requestAnimationFrame(() => show(element)))
      .observe(element, { childList: true, subtree: true });
  };

  const prepare = () => {
    const scroller = document.querySelector("#kb-scroll");
    const panel = document.querySelector("#kb-source");
    const question = document.querySelector("#kb-question textarea");
    if (!scroller || !panel || !question) return false;
    document.documentElement.lang = "zh-CN";
    for (const [element, role, label] of [[scroller, "log", kbTexts.talk], [panel, "complementary", kbTexts.source]]) {
      element.setAttribute("role", role);
      element.setAttribute("aria-label", label);
      element.tabIndex = 0;
    }
    watch(scroller, showQuestion);
    watch(panel, showMark);
    if (innerWidth > 860) question.focus();
    return true;
  };

  const starting = setInterval(() => { if (prepare()) clearInterval(starting); }, 60);
})();
