export { ask, type RawAnswer, type RawRequest } from "./request";
export { missingRequirement } from "./requirements";
export { type CasServer, startCas } from "./server";
export { type CasOptions, SERVICE_HOST } from "./settings";
export { findWar } from "./war";
