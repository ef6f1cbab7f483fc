/* What a browser with scripts adds to the desk. Every form works without it.
   1. A paste from Word, Docs or a mail keeps its paragraphs, lists and links: the story becomes a small rich field,
      whose simple HTML travels in the same textarea with body_format=html. The server cleans it again.
   2. Words and links are counted while one types.
   3. Leaving with unsaved words asks first. */
"use strict";
(() => {
  const KEEP = {
    P: "p", DIV: "p", TABLE: "table", TR: "tr", TD: "td", TH: "th", DEL: "del", S: "del", STRIKE: "del", SUP: "sup", SUB: "sub",
    H1: "h3", H2: "h3", H3: "h3", H4: "h3", H5: "h3", H6: "h3",
    UL: "ul", OL: "ol", LI: "li", BLOCKQUOTE: "blockquote",
    STRONG: "strong", B: "strong", EM: "em", I: "em", A: "a", BR: "br",
  };
  const DROP = /^(style|script|title|head|meta|link|xml|template|noscript|iframe|object|svg|math|textarea|select|o:p)$/i;
  const BLOCK = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, div, table, tr";
  const BLOCKS = /^(P|H3|UL|OL|LI|BLOCKQUOTE|TABLE)$/;
  /* What word processors mark as no part of the text. It travels struck out; the server leaves it out, and says so. */
  const COMMENT = /(^|\s)(msocomtxt|mso(comment|annotation)(text|subject)\w*|annotation_style_by_filter)(\s|$)/i;
  const FURNITURE = /(^|\s)(msocomoff|msocomhide|msocomanchor|sdcomment\w*|mso(comment|annotation)reference|commentreference)(\s|$)/i;
  const DELETED = /(^|\s)(msodel|track(ed)?change\w*delet\w*)(\s|$)/i;
  let unsaved = false;

  /* Foreign markup is read in a document of its own, where nothing runs and nothing loads, and built anew from the list above.
     Styles are renamed first: a policy without inline styles would complain about each. */
  const simple = (html) => {
    learn(html);
    const inert = html.replace(/<(\/?)style\b/gi, "<$1template").replace(/(<[^>]*?\s)style\s*=/gi, "$1data-style=");
    const found = document.createDocumentFragment();
    copy(new DOMParser().parseFromString(inert, "text/html").body, found);
    tidy(found);
    return found;
  };

  /* Pages and exported Google Docs strike out and raise by a class of a style sheet in the text. */
  let told = {};
  const learn = (html) => {
    told = {};
    for (const [, sheet] of html.matchAll(/<style[^>]*>([^]*?)<\/style/gi)) {
      for (const [, name, rules] of sheet.matchAll(/\.([\w-]+)\s*\{([^{}]*)\}/g)) {
        if (/line-through|vertical-align:\s*su[bp]|display:\s*none/i.test(rules)) told[name] = rules;
      }
    }
  };

  const styleOf = (node) => [...node.classList].map((name) => told[name]).concat(node.getAttribute("data-style")).filter(Boolean).join(";");

  const isComment = (node) => {
    if (COMMENT.test(node.className) || /mso-element:\s*comment(?!-)/i.test(styleOf(node))) return true;
    const anchor = /^(P|DIV)$/.test(node.tagName) && node.querySelector("a[href^='#cmnt_ref']");
    return Boolean(anchor) && node.textContent.trim().startsWith(anchor.textContent.trim());
  };

  const isFurniture = (node) => FURNITURE.test(node.className) || /mso-special-character:\s*comment/i.test(styleOf(node))
    || (node.tagName === "A" && /^#(_msocom_|_msoanchor_|cmnt)/i.test(node.getAttribute("href") || ""));

  const isDeleted = (node) => DELETED.test(node.className)
    || /text-decoration(-line)?:[^;]*line-through|(^|;)\s*display:\s*none|mso-hide:\s*all/i.test(styleOf(node));

  const gone = (node) => {
    const made = document.createElement("del");
    if (isComment(node)) made.className = "msocomtxt";
    made.textContent = node.textContent.replace(/\s+/g, " ");
    return made;
  };

  const copy = (from, to) => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE && !(/^([UO]L|TABLE|TR)$/.test(to.nodeName) && !node.data.trim())) to.append(spaced(node.data));
      if (node.nodeType !== Node.ELEMENT_NODE || DROP.test(node.tagName) || /mso-list:\s*ignore/i.test(styleOf(node))) continue;
      if (isFurniture(node)) continue;
      if (isComment(node) || isDeleted(node)) {
        to.append(gone(node));
        continue;
      }
      const made = element(node);
      const inner = made || to;
      copy(node, inner);
      if (made) to.append(made);
    }
  };

  /* A single space that does not break stays; what is mixed with others is a way to make room. */
  const spaced = (words) => words.replace(/[\s\u00a0]{2,}|[^\S\u00a0]/g, " ");

  const element = (node) => {
    const name = KEEP[node.tagName];
    const style = styleOf(node);
    if (/^(P|DIV)$/.test(node.tagName)) return paragraph(node, style);
    if (name === "strong" && /font-weight:\s*(normal|400)/i.test(style)) return null;   /* Google Docs wraps everything in one */
    if (name === "a") return link(node);
    if (/^[uo]l$|^li$/.test(name)) return listed(node, name, style);
    if (name) return kept(node, name);
    const height = /(?:^|;)\s*vertical-align:\s*(super|sub)\b/i.exec(style);
    if (height) return document.createElement(height[1].toLowerCase() === "super" ? "sup" : "sub");
    if (node.tagName === "SPAN" && /font-weight:\s*(bold|[6-9]00)/i.test(style)) return document.createElement("strong");
    if (node.tagName === "SPAN" && /font-style:\s*italic/i.test(style)) return document.createElement("em");
    return null;
  };

  const kept = (node, name) => {
    const made = document.createElement(name);
    if (name === "del" && COMMENT.test(node.className)) made.className = "msocomtxt";
    return made;
  };

  /* Where a list begins and how it counts is part of what it says. */
  const listed = (node, name, style) => {
    const made = document.createElement(name);
    for (const each of ["start", "type", "reversed", "value"]) if (node.hasAttribute(each)) made.setAttribute(each, node.getAttribute(each));
    const letters = /list-style(?:-type)?:[^;]*\b(lower|upper)-(alpha|latin|roman)/i.exec(style);
    if (letters) {
      const sign = /roman/i.test(letters[2]) ? "i" : "a";
      made.setAttribute("type", /upper/i.test(letters[1]) ? sign.toUpperCase() : sign);
    }
    return made;
  };

  /* Word writes a list as paragraphs with a mark in front; a box around other blocks is only a box. */
  const paragraph = (node, style) => {
    if (node.querySelector(BLOCK)) return null;
    if (!/mso-list:\s*l\d/i.test(style)) return document.createElement("p");
    const item = document.createElement("li");
    const found = [...node.querySelectorAll("[data-style]")].find((each) => /mso-list:\s*ignore/i.test(styleOf(each)));
    const sign = found ? found.textContent.trim() : "";
    item.className = "word";
    item.dataset.level = (/\blevel(\d)/i.exec(style) || ["", "1"])[1];
    if (/^\(?[\p{Nd}]{1,9}[.)။]?$/u.test(sign)) item.setAttribute("value", sign.replace(/[^\d]/g, "") || "1");
    else if (/^\(?[a-z]{1,4}[.)]$/i.test(sign)) item.setAttribute("type", letterType(sign.replace(/[().]/g, "")));
    else if (/[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(sign)) return paragraphWith(sign);
    return item;
  };

  const letterType = (letters) => {
    const sign = /^(i|ii|iii|iv|vi{1,3}|ix)$/i.test(letters) ? "i" : "a";
    return letters === letters.toUpperCase() ? sign.toUpperCase() : sign;
  };

  /* A number such as 1.1 belongs to no list of a browser; it stays as words. */
  const paragraphWith = (sign) => {
    const made = document.createElement("p");
    made.append(`${sign} `);
    return made;
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
    let lists = [];
    for (const node of [...root.childNodes]) {
      const item = node.nodeName === "LI";
      if (!item && node.textContent.trim()) lists = [];
      if (item && node.className === "word") { lists = nested(lists, node); open = null; continue; }
      if (!item && BLOCKS.test(node.nodeName)) { open = null; continue; }
      if (node.nodeName === "BR") { node.remove(); open = null; continue; }
      if (!open && !node.textContent.trim()) { node.remove(); continue; }
      const wanted = item ? "UL" : "P";
      if (node.textContent.trim() && (!open || open.nodeName !== wanted)) { open = document.createElement(wanted); node.before(open); }
      if (/^[UO]L$/.test(open.nodeName) && !item) node.remove(); else open.append(node);
    }
  };

  /* Puts an item of Word into the open list of its level, or begins one inside the item before. */
  const nested = (lists, item) => {
    const level = Number(item.dataset.level);
    const type = item.getAttribute("type");
    const wanted = type || item.hasAttribute("value") ? "OL" : "UL";
    const open = lists.filter((each) => each.level < level || (each.level === level && each.list.nodeName === wanted));
    let last = open[open.length - 1];
    for (const each of ["class", "data-level", "type"]) item.removeAttribute(each);
    if (!last || last.level < level) {
      const list = document.createElement(wanted);
      if (type) list.setAttribute("type", type);
      if (last) last.list.lastElementChild.append(list); else item.before(list);
      last = { list, level };
      open.push(last);
    }
    last.list.append(item);
    return open;
  };

  const written = (root) => {
    const copyOf = document.createElement("div");
    copyOf.append(simple(root.innerHTML));
    return copyOf.innerHTML.replace(/<\/(p|h3|ul|ol|li|blockquote|table|tr)>/g, "</$1>\n").trim();
  };

  const asText = (root) => {
    const lines = [];
    for (const left of root.querySelectorAll("del")) left.remove();
    for (const block of root.children) {
      let number = (block.start || 1) - 1;
      const mark = (item) => { number = item.value || number + 1; return block.tagName === "OL" ? `${number}. ` : "- "; };
      if (/^[UO]L$/.test(block.tagName)) {
        lines.push([...block.children].map((item) => mark(item) + item.textContent.trim()).join("\n"));
      } else if (block.tagName === "TABLE") {
        lines.push([...block.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t")).join("\n"));
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
    if (!html || !/<(p|div|li|a|h[1-6]|b|strong|em|i|br|table|span|del|s|sup|sub)\b/i.test(html)) return;
    const content = simple(html);
    if (!content.querySelector("a, li, strong, em, h3, blockquote, table, del, sup, sub")) return;
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

  /* The rule of the server, by the script of the letters: which scripts have no spaces, and how many of their characters
     stand for a word, comes with the page. */
  const words = (text, unspaced) => {
    let number = 0;
    for (const [perWord, run] of unspaced) {
      let inside = 0;
      text = text.replace(run, (found) => { inside += graphemes(found); return " "; });
      number += Math.ceil(inside / perWord);
    }
    return number + text.split(/\s+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;
  };

  const unspacedOf = (line) => Object.entries(JSON.parse(line.dataset.unspaced))
    .map(([perWord, run]) => [Number(perWord), new RegExp(run, "gu")]);

  /* What a reader will see: no tags, no marks of Markdown, of a link its words; the numbers of a list, and not what was
     struck out. */
  const said = (text, written) => withoutEndMark(written === "html" ? saidByMarkup(text) : joined(written === "markdown" ? unmarked(text) : text));

  const saidByMarkup = (html) => {
    const parted = html.replace(/<\/(p|div|li|h\d|blockquote|tr|td|th|ul|ol)>|<(br|ul|ol)\b[^>]*>/gi, "$&\n");
    const body = new DOMParser().parseFromString(parted, "text/html").body;
    for (const gone of body.querySelectorAll("del, s, strike")) gone.remove();
    for (const item of body.querySelectorAll("ol > li")) if (item.textContent.trim()) item.prepend("1. ");
    return body.textContent;
  };

  const unmarked = (text) => text.replace(/\]\((?:<[^>\n]*>|[^)]*)\)/g, "").replace(/^#+\s|[[*_`\\]/gm, "");

  /* A word that a program broke at the end of a long line is one. */
  const joined = (text) => text.replace(/^(.{40,}\p{L}[-\u00ad])\n(?=\p{L})/gmu, "$1");

  /* `###`, `-30-` and `ENDS` on a line of their own, near the end, are not printed. */
  const END_MARK = /^\s*(?:#\s?#\s?#|[-–—]\s?30\s?[-–—]|(?:[-–—]\s?)?ends(?:\s?[-–—])?)\s*$/i;

  const withoutEndMark = (text) => {
    const lines = text.split("\n");
    const filled = lines.flatMap((line, place) => (line.trim() ? [place] : [])).slice(-12).reverse();
    const found = filled.find((place) => END_MARK.test(lines[place]));
    if (found !== undefined) lines[found] = "";
    return lines.join("\n");
  };

  /* Each address counts once, and ends where the server ends it: before a sign that is no part of one. */
  const ADDRESS = /(?:https?:\/\/|mailto:)(?:[!#-)+-;=?-\\^-~[]|(?![\x00-\x7f])[\p{L}\p{M}\p{N}])+/giu;

  const linksIn = (text, written) => {
    const bare = (words) => (words.match(ADDRESS) || []).map((each) => each.replace(/[.,;:!?')]+$/, ""));
    if (written !== "html") return new Set(bare(text)).size;
    const body = new DOMParser().parseFromString(text, "text/html").body;
    const links = [...body.querySelectorAll("a[href]")].map((each) => { each.remove(); return each.getAttribute("href"); });
    return new Set([...links, ...bare(body.textContent)]).size;
  };

  const count = (area, line, unspaced) => {
    const written = format(area) ? format(area).value : "text";
    const number = words(said(area.value, written), unspaced);
    const links = linksIn(area.value, written);
    const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;
    line.textContent = counted(number, "word", "words") + (links ? `, ${counted(links, "link", "links")}` : "");
  };

  for (const line of document.querySelectorAll("[data-counts]")) {
    const area = document.getElementById(line.dataset.counts);
    if (!area) continue;
    const unspaced = unspacedOf(line);
    area.form.addEventListener("input", () => count(area, line, unspaced));
    count(area, line, unspaced);
  }

  for (const line of document.querySelectorAll("[data-room]")) {
    const field = document.getElementById(line.dataset.room);
    const most = Number(line.dataset.most);
    if (!field || !most) continue;
    const show = () => { line.textContent = `${graphemes(field.value.trim())} of ${most}`; };
    field.addEventListener("input", show);
    show();
  }

  /* A line that grows is a line all the same: Enter saves and goes on, as in every other. */
  for (const area of document.querySelectorAll("textarea[data-line]")) {
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      area.form.requestSubmit(area.form.querySelector("button[name=go]"));
    });
  }

  /* ---- 3. unsaved words ---- */
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", (event) => { if (event.isTrusted) unsaved = true; });
    form.addEventListener("submit", () => { unsaved = false; });
  }
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
