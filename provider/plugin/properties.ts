import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Definition, definitions, providerArgs, secretsOf } from "../definitions";
import { markSecrets, SECRET_MARK } from "../engine";

/** The properties of a resource or provider, as the engine sends them. */
export type Properties = Record<string, unknown>;

/** A name that is secret of one resource is so of all. */
const SECRETS: ReadonlySet<string> = new Set(
  Object.values<Definition>(definitions)
    .flatMap(({ args, outputs }) => secretsOf({ ...args, ...outputs }))
    .concat(secretsOf(providerArgs)),
);

/** Secrets come in plain text: the engine sends them so to every method but Configure. */
export function fromStruct(struct: Struct | undefined): Properties {
  const properties: object = struct?.toJavaScript() ?? {};
  const entries = Object.entries(properties).map(([name, value]) => [
    name,
    isSecret(value) ? value.value : value,
  ]);
  return Object.fromEntries(entries);
}

/** Marks what the engine has to encrypt. What has no value is left out, because a Struct has no place for it. */
export function toStruct(properties: object): Struct {
  const marked = markSecrets(properties, (name) => SECRETS.has(name));
  const json: Record<string, JavaScriptValue> = JSON.parse(JSON.stringify(marked));
  return Struct.fromJavaScript(json);
}

function isSecret(value: unknown): value is { value: unknown } {
  if (typeof value !== "object" || value === null || !("value" in value)) return false;
  const entries: Record<string, unknown> = { ...value };
  return Object.entries(SECRET_MARK).every(([name, mark]) => entries[name] === mark);
}
