export type { CasFlavor, CasLoginPage, CasService } from "./cas/choices";
export type { Credentials } from "./credentials";
export { type Connection, type Emulator, startEmulator } from "./emulator";
export type { SessionCount, SessionCounts } from "./expiringStore";
export { BadFault, type Fault, type FaultAction, type FaultTarget } from "./faults";
export type { RecordedRequest } from "./history";
export { BadOption } from "./optionRules";
export type { EmulatorOptions, KnownOptions } from "./options";
