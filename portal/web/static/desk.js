/* What a browser with scripts adds to the desk. Every form works without it.
   1. A paste from Word, Docs or a mail keeps its paragraphs, lists and links: the story becomes a small rich field,
      whose simple HTML travels in the same textarea with body_format=html. The server cleans it again.
   2. Words and links are counted while one types.
   3. Leaving with unsaved words asks first. */
"use strict";
(() => {
  const KEEP = {
    P: "p", DIV: "p", TR: "p",
    H1: "h3", H2: "h3", H3: "h3", H4: "h3", H5: "h3", H6: "h3",
    UL: "ul", OL: "ol", LI: "li", BLOCKQUOTE: "blockquote",
    STRONG: "strong", B: "strong", EM: "em", I: "em", A: "a", BR: "br",
  };
  const DROP = /^(style|script|title|head|meta|link|xml|template|noscript|iframe|object|svg|math|textarea|select|o:p)$/i;
  const BLOCK = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, div, table, tr";
  const BLOCKS = /^(P|H3|UL|OL|LI|BLOCKQUOTE)$/;
  let unsaved = false;

  /* Foreign markup is read in a document of its own, where nothing runs and nothing loads, and built anew from the list above.
     Styles are renamed first: a policy without inline styles would complain about each. */
  const simple = (html) => {
    const inert = html.replace(/<(\/?)style\b/gi, "<$1template").replace(/(<[^>]*?\s)style\s*=/gi, "$1data-style=");
    const found = document.createDocumentFragment();
    copy(new DOMParser().parseFromString(inert, "text/html").body, found);
    tidy(found);
    return found;
  };

  const styleOf = (node) => node.getAttribute("data-style") || "";

  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && !(/^[UO]L$/.test(to.nodeName) && !node.data.trim())) to.append(node.data.replace(/[\s\u00a0]+/g, " "));
      if (node.nodeType !== Node.ELEMENT_NODE || DROP.test(node.tagName) || /mso-list:\s*ignore/i.test(styleOf(node))) continue;
      const made = element(node);
      const inner = made || to;
      if (/^T[DH]$/.test(node.tagName) && node.previousElementSibling) to.append(" ");
      copy(node, inner);
      if (made) to.append(made);
    }
  };

  const element = (node) => {
    const name = KEEP[node.tagName];
    const style = styleOf(node);
    if (/^(P|DIV|TR)$/.test(node.tagName)) return paragraph(node, style);
    if (name === "strong" && /font-weight:\s*(normal|400)/i.test(style)) return null;   /* Google Docs wraps everything in one */
    if (name === "a") return link(node);
    if (name) return document.createElement(name);
    if (node.tagName === "SPAN" && /font-weight:\s*(bold|[6-9]00)/i.test(style)) return document.createElement("strong");
    if (node.tagName === "SPAN" && /font-style:\s*italic/i.test(style)) return document.createElement("em");
    return null;
  };

  /* Word writes a list as paragraphs with a mark in front; a box around other blocks is only a box. */
  const paragraph = (node, style) => {
    if (node.querySelector(BLOCK)) return null;
    if (!/mso-list:\s*l\d/i.test(style)) return document.createElement("p");
    const item = document.createElement("li");
    const sign = [...node.querySelectorAll("[data-style]")].find((each) => /mso-list:\s*ignore/i.test(styleOf(each)));
    if (sign && /^\s*\(?\d/.test(sign.textContent)) item.className = "numbered";
    return item;
  };

  const link = (node) => {
    const address = (node.getAttribute("href") || "").trim();
    if (!/^(https?:\/\/|mailto:)/i.test(address)) return null;
    const made = document.createElement("a");
    made.href = address;
    return made;
  };

  /* Loose words become paragraphs, loose items a list; what is empty goes. */
  const tidy = (root) => {
    gather(root);
    for (const box of root.querySelectorAll("blockquote")) if (!box.querySelector("p, ul, ol")) gather(box);
    for (const inner of root.querySelectorAll("p p, li p, h3 p, h3 strong")) inner.replaceWith(...inner.childNodes);
    for (const list of root.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) if (list.previousElementSibling) list.previousElementSibling.append(list);
    for (const last of root.querySelectorAll("br:last-child")) if (!last.nextSibling || !last.nextSibling.textContent.trim()) last.remove();
    for (const each of [...root.querySelectorAll("p, h3, li, ul, ol, blockquote, strong, em, a")].reverse()) if (!each.textContent.trim()) each.remove();
  };

  const gather = (root) => {
    let open = null;
    for (const node of [...root.childNodes]) {
      const item = node.nodeName === "LI";
      if (!item && BLOCKS.test(node.nodeName)) { open = null; continue; }
      if (node.nodeName === "BR") { node.remove(); open = null; continue; }
      if (!open && !node.textContent.trim()) { node.remove(); continue; }
      const wanted = item ? (node.className ? "OL" : "UL") : "P";
      if (item) node.removeAttribute("class");
      if (node.textContent.trim() && (!open || open.nodeName !== wanted)) { open = document.createElement(wanted); node.before(open); }
      if (/^[UO]L$/.test(open.nodeName) && !item) node.remove(); else open.append(node);
    }
  };

  const written = (root) => {
    const copyOf = document.createElement("div");
    copyOf.append(simple(root.innerHTML));
    return copyOf.innerHTML.replace(/<\/(p|h3|ul|ol|li|blockquote)>/g, "</$1>\n").trim();
  };

  const asText = (root) => {
    const lines = [];
    for (const block of root.children) {
      const mark = (index) => block.tagName === "OL" ? `${index + 1}. ` : "- ";
      if (/^[UO]L$/.test(block.tagName)) {
        lines.push([...block.children].map((item, index) => mark(index) + item.textContent.trim()).join("\n"));
      } else lines.push(block.textContent.trim());
    }
    return lines.filter(Boolean).join("\n\n");
  };

  /* ---- 1. the rich field ---- */
  /* One hidden field, a select or radios: all have a value. */
  const format = (area) => area.form && area.form.elements.namedItem("body_format");

  const setFormat = (area, value) => {
    let field = format(area);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "body_format";
      area.after(field);
    }
    field.value = value;
  };

  const enrich = (area, content) => {
    const rich = document.createElement("div");
    const back = document.createElement("button");
    rich.className = "rich";
    rich.contentEditable = "true";
    rich.setAttribute("role", "textbox");
    rich.setAttribute("aria-multiline", "true");
    for (const name of ["lang", "dir", "aria-describedby", "aria-invalid"]) if (area.hasAttribute(name)) rich.setAttribute(name, area.getAttribute(name));
    const words = area.labels[0];
    if (words) {
      words.id = words.id || `${area.id}-label`;
      rich.setAttribute("aria-labelledby", words.id);
      words.addEventListener("click", () => rich.isConnected && rich.focus());
    }
    rich.append(content);
    back.type = "button";
    back.className = "btn text";
    back.textContent = "Edit as plain text (links and lists become text)";
    area.hidden = true;
    area.after(rich, back);
    setFormat(area, "html");
    const keep = () => { area.value = written(rich); area.dispatchEvent(new Event("input", { bubbles: true })); };
    rich.addEventListener("input", keep);
    rich.addEventListener("drop", (event) => event.preventDefault());
    rich.addEventListener("paste", (event) => {
      event.preventDefault();
      insert(rich, pasted(event.clipboardData));
      unsaved = true;
      keep();
    });
    const leave = (value) => {
      area.value = asText(rich);
      unsaved = true;
      setFormat(area, value);
      rich.remove();
      back.remove();
      area.hidden = false;
      delete area.leaveRich;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    };
    back.addEventListener("click", () => { leave("text"); area.focus(); });
    area.leaveRich = leave;
    keep();
    return rich;
  };

  const pasted = (clipboard) => {
    const html = clipboard.getData("text/html");
    return html ? simple(html) : fromText(clipboard.getData("text/plain"));
  };

  /* A single paragraph joins the line it is pasted into; several go in as blocks of their own. */
  const insert = (rich, content) => {
    const chosen = getSelection();
    const last = content.lastChild;
    if (!last) return;
    if (!chosen.rangeCount || !rich.contains(chosen.anchorNode)) { rich.append(content); return; }
    const range = chosen.getRangeAt(0);
    range.deleteContents();
    if (content.childNodes.length === 1 && last.nodeName === "P") {
      const inline = document.createDocumentFragment();
      inline.append(...last.childNodes);
      range.insertNode(inline);
    } else {
      let block = range.startContainer;
      while (block !== rich && block.parentNode !== rich) block = block.parentNode;
      if (block === rich) range.insertNode(content); else block.after(content);
    }
    chosen.collapseToEnd();
  };

  const plainPaste = (event) => {
    const area = event.target;
    const html = event.clipboardData.getData("text/html");
    if (!html || !/<(p|div|li|a|h[1-6]|b|strong|em|i|br)\b/i.test(html)) return;
    const content = simple(html);
    if (!content.querySelector("a, li, strong, em, h3, blockquote")) return;
    event.preventDefault();
    const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionEnd);
    const whole = document.createDocumentFragment();
    const last = content.lastChild;
    whole.append(fromText(before), content, fromText(after));
    unsaved = true;
    enrich(area, whole).focus();
    getSelection().collapse(last, last.childNodes.length);
  };

  const fromText = (text) => {
    const found = document.createDocumentFragment();
    for (const part of text.split(/\n\s*\n/)) if (part.trim()) { const p = document.createElement("p"); p.textContent = part.trim(); found.append(p); }
    return found;
  };

  for (const area of document.querySelectorAll("textarea[name=body]")) {
    const chosen = format(area);
    area.addEventListener("paste", plainPaste);
    if (chosen && chosen.value === "html") enrich(area, simple(area.value));
    area.form.addEventListener("change", ({ target }) => {
      if (target.name !== "body_format") return;
      if (area.leaveRich && target.value !== "html") area.leaveRich(target.value);
      else if (!area.leaveRich && target.value === "html") {
        const marked = simple(area.value.includes("</") ? area.value : "").childNodes.length;
        enrich(area, marked ? simple(area.value) : fromText(area.value));
      }
    });
  }

  /* ---- 2. counting ---- */
  const graphemes = (text) => ("Segmenter" in Intl ? [...new Intl.Segmenter().segment(text)] : [...text]).length;

  /* The rule of the server: how many characters stand for a word in languages without spaces comes with the page. */
  const words = (text, language, perWord) => {
    const dense = perWord[language.split("-", 1)[0].toLowerCase()];
    if (!dense) return text.split(/\s+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
    return Math.ceil(graphemes(text.replace(/\s+/g, "")) / dense);
  };

  /* What a reader will see: no tags, no marks of Markdown, of a link its words. */
  const said = (text, written) => {
    if (written === "html") {
      const parted = text.replace(/<\/(p|div|li|h\d|blockquote|tr)>|<br\b[^>]*>/gi, "$&\n");
      return new DOMParser().parseFromString(parted, "text/html").body.textContent;
    }
    return written === "markdown" ? text.replace(/\]\([^)]*\)/g, "").replace(/^#+\s|[[*_`]/gm, "") : text;
  };

  const linksIn = (text, written) => {
    if (written === "html") return (text.match(/<a\b[^>]*\shref=/gi) || []).length;
    return (text.replace(/\[[^\]]*\]\(/g, "(").match(/(https?:\/\/|mailto:)[^\s"'<>)]+/gi) || []).length;
  };

  const count = (area, line) => {
    const written = format(area) ? format(area).value : "text";
    const chosen = area.form.elements.namedItem("language");
    const language = (chosen && chosen.value) || line.dataset.language;
    const number = words(said(area.value, written), language, JSON.parse(line.dataset.graphemes));
    const links = linksIn(area.value, written);
    const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
    line.textContent = counted(number, "word", "words") + (links ? `, ${counted(links, "link", "links")}` : "");
  };

  for (const line of document.querySelectorAll("[data-counts]")) {
    const area = document.getElementById(line.dataset.counts);
    if (!area) continue;
    area.form.addEventListener("input", () => count(area, line));
    count(area, line);
  }

  for (const line of document.querySelectorAll("[data-room]")) {
    const field = document.getElementById(line.dataset.room);
    const most = Number(line.dataset.most);
    if (!field || !most) continue;
    const show = () => { line.textContent = `${graphemes(field.value.trim())} of ${most}`; };
    field.addEventListener("input", show);
    show();
  }

  /* ---- 3. unsaved words ---- */
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", (event) => { if (event.isTrusted) unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
  }
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
