import { type Attributes, readShown } from "./markup";

/** What a browser shows of a page of a CAS. */
export interface Page {
  forms: Form[];
  /** Its first heading, or its title where it has none. */
  heading: string;
  /** What its login form says is wrong. */
  complaint: string;
}

/** A form on a page: what it wants sent back, and what it wants filled in. */
export interface Form {
  /** The names and values of its hidden inputs. */
  hidden: Record<string, string>;
  /** Where it is to be sent, as the page has it. */
  action: string;
  asksForPassword: boolean;
  /** What a person fills in, by name. */
  fields: Field[];
}

interface Field {
  /** Empty where it has none, and is not sent. */
  name: string;
  /** Such as `text`, `password`, or `select`. */
  type: string;
  /** The page says that it has to be filled in. */
  isRequired: boolean;
}

/** More of a text is not kept. */
const MAX_TEXT = 200;

/** Where login forms say what is wrong: in CAS since version 5, and before. */
const COMPLAINTS = new Set(["loginErrorsPanel", "msg"]);

export function readPage(body: string): Page {
  const forms: Form[] = [];
  let form: Form | undefined;
  const texts = { title: "", heading: "", complaint: "" };
  let into: keyof typeof texts | undefined;
  readShown(body, {
    open(tag, attributes) {
      if (tag === "form" && !form) {
        form = { hidden: {}, action: attributes.get("action") ?? "", asksForPassword: false, fields: [] };
        forms.push(form);
      }
      if (form) addField(form, tag, attributes);
      // What comes before the main part is the same on each page.
      if (tag === "main") texts.heading = "";
      if (tag === "title" && !texts.title) into = "title";
      if (/^h[1-4]$/.test(tag) && !texts.heading.trim()) into = "heading";
      if (COMPLAINTS.has(attributes.get("id") ?? "")) into = "complaint";
    },
    close(tag) {
      if (tag === "form") form = undefined;
      if (/^(title|h[1-4]|div)$/.test(tag)) into = undefined;
    },
    text(piece) {
      if (into && texts[into].length < MAX_TEXT) texts[into] += piece;
    },
  });
  const [title, heading, complaint] = [texts.title, texts.heading, texts.complaint].map((text) =>
    text.trim(),
  );
  return { forms, heading: heading || title || "", complaint: complaint ?? "" };
}

function addField(form: Form, tag: string, attributes: Attributes): void {
  if (!/^(input|select|textarea)$/.test(tag) || attributes.has("disabled")) return;
  const type = tag === "input" ? (attributes.get("type")?.toLowerCase() ?? "text") : tag;
  const name = attributes.get("name") ?? "";
  if (type === "password") form.asksForPassword = true;
  if (type !== "hidden") form.fields.push({ name, type, isRequired: attributes.has("required") });
  else if (name) form.hidden[name] = attributes.get("value") ?? "";
}

/** What is chosen, pressed, or filled in by the page itself. */
const NOT_TYPED = /^(button|checkbox|color|file|image|radio|range|reset|select|submit|textarea)$/;

/** What a login sends beside the hidden inputs. */
const SENT = new Set(["username", "password"]);

/**
 * The fields that this client can't fill in, such as a CAPTCHA. Where a form marks none of its fields as required, all
 * that are typed count.
 */
export function unknownFields({ fields }: Form): string[] {
  const marks = fields.some(({ isRequired }) => isRequired);
  const wanted = fields.filter(({ isRequired, type }) => (marks ? isRequired : !NOT_TYPED.test(type)));
  return wanted.flatMap(({ name }) => (!name || SENT.has(name) ? [] : [name]));
}

/**
 * The CAS's own login form: it asks for the password (and not only for a code, as a second factor does), holds the ticket
 * of one login attempt (`lt` before CAS 5, `execution` since), and goes back to the same server. A form of another single
 * sign-on in front has none.
 */
export function loginForm({ forms }: Page, casUrl: string): Form | undefined {
  return forms.find(
    ({ fields, hidden, action }) =>
      fields.some(({ type, name }) => type === "password" && (name === "password" || name === "")) &&
      ("lt" in hidden || "execution" in hidden) &&
      isSameServer(action, casUrl),
  );
}

/**
 * A page between the password and the session that a login only passes through, such as "password expires soon". Its
 * event, `proceed`, is what CAS calls "seen, go on". Pages that want terms accepted or a code have other events, and what
 * they ask is for a person to decide.
 */
export function passingForm({ forms }: Page, casUrl: string): Form | undefined {
  return forms.find(
    ({ fields, asksForPassword, hidden, action }) =>
      hidden._eventId === "proceed" &&
      "execution" in hidden &&
      !asksForPassword &&
      fields.every(({ type }) => /^(button|image|submit)$/.test(type)) &&
      isSameServer(action, casUrl),
  );
}

function isSameServer(action: string, casUrl: string): boolean {
  return URL.canParse(action, casUrl) && new URL(action, casUrl).host === new URL(casUrl).host;
}
