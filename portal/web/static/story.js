/* The story as a small rich field. A paste from Word, Docs or a mail keeps its paragraphs, lists and links; the simple HTML
   travels in the same textarea with body_format=html, and the server cleans it again. desk.js loads this where it is wanted. */
const KEEP = {
  P: "p", DIV: "p", TABLE: "table", TR: "tr", TD: "td", TH: "th", DEL: "del", S: "del", STRIKE: "del", SUP: "sup", SUB: "sub",
  Q: "q", RUBY: "ruby", RT: "rt", RP: "rp",
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
/* A browser that copies may put the address of the document before the anchors of its comments. */
const DOCUMENT = "^(?:file:[^#]*|https?://docs\\.google\\.com/[^#]*)?#";
const COMMENTS = new RegExp(`${DOCUMENT}(?:_msocom_|_msoanchor_|cmnt)`, "i");
/* The signs of foot and end notes: raised, whether or not the paste says so, or 2025 and note 1 become 20251. */
const NOTE = /(^|\s)(sd(foot|end)note(anc|sym)|mso(foot|end)notereference|(foot|end)note-?(ref(erence)?|anchor|back))(\s|$)/i;
const NOTES = /#(_?(ftn|edn|fn)(ref|_ref)?|sd(foot|end)note)[-:_]?\d+(anc|sym)?$/i;
const DELETED = /(^|\s)(msodel|track(ed)?change\w*delet\w*)(\s|$)/i;

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
  const anchor = /^(P|DIV)$/.test(node.tagName) && node.querySelector("a[href*='#cmnt_ref']");
  return Boolean(anchor) && COMMENTS.test(anchor.getAttribute("href")) && node.textContent.trim().startsWith(anchor.textContent.trim());
};

const isFurniture = (node) => FURNITURE.test(node.className) || /mso-special-character:\s*comment/i.test(styleOf(node))
  || (node.tagName === "A" && COMMENTS.test(node.getAttribute("href") || ""));

const isDeleted = (node) => DELETED.test(node.className)
  || /text-decoration(-line)?:[^;]*line-through|(^|;)\s*(display:\s*none|visibility:\s*hidden)|mso-hide:\s*all/i.test(styleOf(node));

const isNote = (node) => /^(A|SPAN)$/.test(node.tagName) && (NOTE.test(node.className)
  || (node.tagName === "A" && (NOTES.test(node.getAttribute("href") || "") || node.getAttribute("role") === "doc-noteref")));

/* Raised and lowered by a style, in the ways of Word and LibreOffice, too. */
const height = (style) => {
  const said = /(?:^|;)\s*(?:vertical-align:\s*(?:(super|text-top|\+?\.?[1-9])|sub|text-bottom|-\.?\d)|mso-text-raise:\s*(?:(\+?[1-9])|-\d))/i.exec(style);
  if (said) return said[1] || said[2] ? "sup" : "sub";
  const shifted = /position:\s*relative/i.test(style) && /(?:^|;)\s*top:\s*(?:(-\.?\d)|\+?\.?[1-9])/i.exec(style);
  return shifted ? (shifted[1] ? "sup" : "sub") : "";
};

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
  if (isNote(node) && !node.querySelector("sup")) return document.createElement("sup");
  if (name === "a") return link(node);
  if (/^[uo]l$|^li$/.test(name)) return listed(node, name, style);
  if (name) return kept(node, name);
  if (height(style)) return document.createElement(height(style));
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

/* What comes by a script is nothing that somebody typed, so the form is told of it. */
const changed = (area) => area.form.dispatchEvent(new Event("unsaved"));

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
    changed(area);
    keep();
  });
  const leave = (value) => {
    area.value = asText(rich);
    changed(area);
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

/* Into the plain field: what has marks makes it a rich one. Says whether it did. */
export const pasteInto = (area, html) => {
  const content = simple(html);
  if (!content.querySelector("a, li, strong, em, h3, blockquote, table, del, sup, sub")) return false;
  const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionEnd);
  const whole = document.createDocumentFragment();
  const last = content.lastChild;
  whole.append(fromText(before), content, fromText(after));
  changed(area);
  enrich(area, whole).focus();
  getSelection().collapse(last, last.childNodes.length);
  return true;
};

const fromText = (text) => {
  const found = document.createDocumentFragment();
  for (const part of text.split(/\n\s*\n/)) if (part.trim()) { const p = document.createElement("p"); p.textContent = part.trim(); found.append(p); }
  return found;
};

/* Drawn with its marks from now on, or as text. */
export const show = (area, as) => {
  if (area.leaveRich && as !== "html") area.leaveRich(as);
  if (area.leaveRich || as !== "html") return;
  const marked = area.value.includes("</") ? simple(area.value) : null;
  enrich(area, marked && marked.childNodes.length ? marked : fromText(area.value));
};
