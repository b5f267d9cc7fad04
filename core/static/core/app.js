// What is pleasant but not needed: every page works without this file. No inline code, no eval, no outside address.
"use strict";
(() => {
  const page = document.documentElement;
  const say = (name, time) => (document.body.dataset[`say${name}`] || "").replace("{time}", time || "");
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  const clock = (when) => {
    const time = when.toTimeString().slice(0, 5);
    if (when.toDateString() === new Date().toDateString()) return time;
    const two = (n) => String(n).padStart(2, "0");
    return `${time}, ${two(when.getDate())}/${two(when.getMonth() + 1)}/${when.getFullYear()}`;
  };

  // Controls that need this file are hidden in the page and shown here.
  const reveal = (root) =>
    all("button[hidden]:is([data-show-password], [data-pick-day], [data-copy], [data-close])", root).forEach((control) => {
      if (control.hasAttribute("data-copy") && !navigator.clipboard) return;
      control.hidden = false;
    });

  // A notice above the content, in the words the page brought along.
  const tell = (kind, text) => {
    const place = document.getElementById("flashes");
    if (!place || !text) return;
    all("[data-told]", place).forEach((old) => old.remove());
    const box = document.createElement("div");
    box.className = `note ${kind}`;
    box.dataset.told = "";
    box.append(Object.assign(document.createElement("p"), { textContent: text }));
    place.append(box);
    box.scrollIntoView({ block: "center" });
  };

  // Passwords, days, copying -----------------------------------------------------------------------------
  const togglePassword = (button) => {
    const input = document.getElementById(button.dataset.showPassword);
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-pressed", String(show));
    const words = button.querySelector("span");
    [words.textContent, button.dataset.other] = [button.dataset.other, words.textContent];
  };

  const pickDay = (button) => {
    const input = document.getElementById(button.dataset.pickDay);
    let picker = button.querySelector("input");
    if (!picker) {
      picker = Object.assign(document.createElement("input"), { type: "date", className: "hidden", tabIndex: -1 });
      picker.setAttribute("aria-hidden", "true");
      picker.addEventListener("change", () => {
        if (!picker.value) return;
        input.value = picker.value.split("-").reverse().join("/");
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.focus();
      });
      button.append(picker);
    }
    const [day, month, year] = input.value.split("/");
    picker.value = year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : "";
    try { picker.showPicker(); } catch { input.focus(); }
  };

  const copy = async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.done;
    setTimeout(() => { words.textContent = before; }, 4000);
  };

  // A keypad of digits has no "/" and no ":": they come by themselves while one types at the end.
  const groupDigits = (input, event) => {
    if (!(event.inputType || "").startsWith("insert") || input.selectionStart !== input.value.length) return;
    const kind = input.dataset.typed;
    if (kind === "time") {
      if (/^\d{3,4}$/.test(input.value)) input.value = input.value.replace(/^(\d{2})(\d+)$/, "$1:$2");
    } else if (/^[\d/]+$/.test(input.value)) {
      input.value = input.value.replace(/^(\d{2})(?=\d)/, "$1/");
      if (kind === "day") input.value = input.value.replace(/^(\d{1,2}\/\d{2})(?=\d)/, "$1/");
    }
  };

  // Questions: the fold of the page becomes a dialog -----------------------------------------------------
  const openDialog = (fold) => {
    const body = fold.querySelector(".confirm-body");
    if (!body || typeof HTMLDialogElement === "undefined") return false;
    const dialog = document.createElement("dialog");
    const question = body.querySelector(".confirm-question");
    question.id = question.id || `question-${Date.now()}`;
    dialog.setAttribute("aria-labelledby", question.id);
    dialog.append(body);
    dialog.addEventListener("close", () => {
      fold.append(body);
      dialog.remove();
      fold.querySelector("summary").focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    return true;
  };

  // The text size changes at once; the server is told in the background ------------------------------------
  const resize = (form, button) => {
    const value = button.value;
    const data = new FormData(form);
    data.set(button.name, value);
    page.dataset.textSize = value;
    const [smaller, larger] = all("button", form);
    smaller.value = Math.max(0, Number(value) - 1);
    larger.value = Math.min(3, Number(value) + 1);
    fetch(form.action, { method: "POST", body: data, redirect: "manual", keepalive: true }).catch(() => {});
  };

  // Drafts: kept on this device for this person until the server says that it has them --------------------
  const key = (form) => `draft:${page.dataset.draftOwner || ""}:${form.dataset.draft}`;
  const store = (action) => { try { return action(localStorage); } catch { return null; } };
  const kept = (control) => control.name && control.name !== "csrf_token" && !["hidden", "password", "file", "submit", "button"].includes(control.type);
  const read = (form) => {
    const values = {};
    [...form.elements].filter(kept).forEach((control) => {
      const list = (values[control.name] ||= []);
      if (!["checkbox", "radio"].includes(control.type) || control.checked) list.push(control.value);
    });
    return values;
  };
  const write = (form, values) => [...form.elements].filter(kept).forEach((control) => {
    const list = values[control.name];
    if (!list) return;
    if (["checkbox", "radio"].includes(control.type)) control.checked = list.includes(control.value);
    else control.value = list.shift() ?? "";
  });

  const offer = (form, draft) => {
    const box = document.createElement("div");
    box.className = "note info draft-offer";
    box.setAttribute("role", "status");
    const choice = (text, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn second", textContent: text });
      button.addEventListener("click", () => { act(); box.remove(); });
      return button;
    };
    const words = Object.assign(document.createElement("span"), { textContent: say("Found", clock(new Date(draft.at))) });
    box.append(words,
      choice(say("Use"), () => { write(form, draft.values); form.dataset.changed = "yes"; }),
      choice(say("Drop"), () => store((shelf) => shelf.removeItem(key(form)))));
    form.prepend(box);
  };

  const watch = (form) => {
    const fresh = JSON.stringify(read(form));
    const draft = store((shelf) => JSON.parse(shelf.getItem(key(form))));
    const same = draft && JSON.stringify(draft.values) === fresh;
    if (same && !document.getElementById("error-summary")) store((shelf) => shelf.removeItem(key(form)));
    else if (draft && !same) offer(form, draft);
    let timer = 0;
    form.addEventListener("input", () => {
      form.dataset.changed = "yes";
      clearTimeout(timer);
      timer = setTimeout(() => {
        const at = new Date();
        const saved = store((shelf) => { shelf.setItem(key(form), JSON.stringify({ at: at.getTime(), values: read(form) })); return true; });
        const note = form.querySelector("[data-draft-note]");
        if (saved && note) note.textContent = say("Saved", clock(at));
        if (saved) form.dataset.stored = "yes";
      }, 700);
    });
    form.addEventListener("submit", () => {
      delete form.dataset.changed;
      store(() => sessionStorage.setItem("draft-sent", key(form)));
    });
  };

  // The server answered with good news: what was sent is safe there, so the copy here goes.
  const forgetSent = () => {
    const sent = store(() => sessionStorage.getItem("draft-sent"));
    if (!sent) return;
    store(() => sessionStorage.removeItem("draft-sent"));
    if (document.querySelector("#flashes .note.good")) store((shelf) => shelf.removeItem(sent));
  };

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector('form[data-draft][data-changed]:not([data-stored]), form[data-warn][data-changed]')) event.preventDefault();
  });

  const rest = () => all("[data-sending]").forEach((form) => {
    form.removeAttribute("data-sending");
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  });

  // One listener for the page, so that what htmx brings in works too --------------------------------------
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    if (at("[data-show-password]")) togglePassword(at("[data-show-password]"));
    else if (at("[data-pick-day]") && event.target.type !== "date") pickDay(at("[data-pick-day]"));
    else if (at("[data-copy]")) copy(at("[data-copy]"));
    else if (at("[data-close]")) (at("dialog") ? at("dialog").close() : at("details").removeAttribute("open"));
    else if (at("details[data-confirm] > summary")) { if (openDialog(at("details[data-confirm]"))) event.preventDefault(); }
    all("details[data-fold][open]").filter((fold) => !fold.contains(event.target)).forEach((fold) => fold.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details[data-fold][open]").forEach((fold) => { fold.removeAttribute("open"); fold.querySelector("summary").focus(); });
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset.typed) groupDigits(event.target, event);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.submitter?.name === "text_size") {
      event.preventDefault();
      resize(form, event.submitter);
    } else if (form.method === "post" && !form.hasAttribute("hx-post") && event.submitter) {
      if (form.hasAttribute("data-sending")) event.preventDefault();
      form.setAttribute("data-sending", "");
      event.submitter.setAttribute("aria-busy", "true");
      setTimeout(rest, 8000); // an answer that is a file leaves the page as it is
    }
  });
  window.addEventListener("pageshow", rest);
  document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
  document.addEventListener("htmx:sendError", () => tell("late", say("Offline")));
  document.addEventListener("htmx:responseError", () => tell("late", say("Failed")));

  forgetSent();
  reveal(document);
  all("form[data-draft]").forEach(watch);
  document.getElementById("error-summary")?.focus();
})();
