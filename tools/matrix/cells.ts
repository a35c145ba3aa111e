/** One way to have the package. */
export interface Cell {
  /** `pnp` is Yarn 4 without node_modules. */
  manager: "npm" | "pnpm" | "yarn" | "pnp";
  /** The Node.js that runs it: this one, or a major version from the npm package of Node.js. */
  node: "this" | "22" | "24";
  /** The version of @pulumi/pulumi. */
  pulumi: string;
  /** Whether to install that version even if the package says that it does not work with it. */
  undeclared?: boolean;
}

/** The first whose dynamic-provider host hands over the stack's config, so the oldest that works. */
const OLDEST = "3.139.0";
/** The newest that declares Node.js 20; later ones want 22. */
export const NEWEST_FOR_20 = "3.248.0";
const NEWEST = "3.270.0";

export const CELLS: readonly Cell[] = [
  { manager: "npm", node: "this", pulumi: OLDEST },
  { manager: "npm", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "npm", node: "22", pulumi: NEWEST },
  { manager: "npm", node: "24", pulumi: NEWEST },
  { manager: "npm", node: "24", pulumi: OLDEST },
  { manager: "pnpm", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "pnpm", node: "24", pulumi: NEWEST },
  { manager: "yarn", node: "this", pulumi: NEWEST_FOR_20 },
  { manager: "pnp", node: "this", pulumi: NEWEST_FOR_20 },
];
