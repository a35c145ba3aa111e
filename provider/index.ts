export { CasSession, type CasSessionArgs } from "./resources/casSession";
export { WebCliCommand, type WebCliCommandArgs } from "./resources/webCliCommand";
export { WebCliSession, type WebCliSessionArgs } from "./resources/webCliSession";
