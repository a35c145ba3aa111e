import { readFileSync } from "node:fs";
import { join } from "node:path";
import markdownIt from "markdown-it";
import type { ResourceName } from "../../provider/definitions";

/** In the order in which the Pulumi Registry shows them. */
export const languages = ["typescript", "python", "go", "csharp", "java", "yaml"] as const;

export type Language = (typeof languages)[number];

/** One program in each language. */
export interface Example {
  /** The name of its file. */
  name: string;
  title: string;
  text: string;
  programs: Readonly<Record<Language, string>>;
}

export const examples: Readonly<Record<ResourceName, readonly Example[]>> = {
  WebCliSession: [read("webCliSession")],
  WebCliCommand: [read("webCliCommand"), read("webCliCommandAlone")],
  CasSession: [read("casSession")],
};

/** A page with a title, what to know beforehand, and the programs. */
function read(name: string): Example {
  const page = readFileSync(join(__dirname, "examples", `${name}.md`), "utf8");
  const [, title = "", text = ""] = /^# (.+)\n\n([\s\S]+?)\n\n```/.exec(page) ?? [];
  const fences = markdownIt()
    .parse(page, {})
    .filter(({ type }) => type === "fence");
  const programOf = (language: Language): string => {
    const [program, ...others] = fences.filter(({ info }) => info === language);
    if (!program || others.length > 0) throw new Error(`${name}.md needs one program in ${language}`);
    return program.content;
  };
  const programs = {
    typescript: programOf("typescript"),
    python: programOf("python"),
    go: programOf("go"),
    csharp: programOf("csharp"),
    java: programOf("java"),
    yaml: programOf("yaml"),
  };
  return { name, title, text, programs };
}

/** In a schema: each SDK's generator leaves out the other languages, and the Pulumi Registry lets the reader choose. */
export function inDescription(described: readonly Example[]): string {
  const sections = described.map((example) => {
    const programs = languages.map((language) => fenced(example, language));
    return ["{{% example %}}", `### ${example.title}`, example.text, ...programs, "{{% /example %}}"];
  });
  return ["{{% examples %}}", "## Example Usage", ...sections.flat(), "{{% /examples %}}"].join("\n\n");
}

/** On a page of the Pulumi Registry. */
export function onPage(example: Example): string {
  const choices = languages.flatMap((language) => [
    `{{% choosable language ${language} %}}`,
    fenced(example, language),
    "{{% /choosable %}}",
  ]);
  return [`{{< chooser language "${languages.join(",")}" >}}`, ...choices, "{{< /chooser >}}"].join("\n\n");
}

function fenced({ programs }: Example, language: Language): string {
  return `\`\`\`${language}\n${programs[language]}\`\`\``;
}
