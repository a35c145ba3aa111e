// Runs before the CAS tests.
import { findEngine } from "../../../tools/engine";
import { prepare } from "../../support/java";
import { findWar } from "./war";

prepare("The CAS tests run a real CAS", ["java", "keytool", "mvn"], async (signal) => {
  await findWar(console.log, signal);
  await findEngine(console.log, signal);
});
