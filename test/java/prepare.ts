// Runs before the Java tests.
import { findEngine } from "../../tools/engine";
import { prepare } from "../support/java";
import { findJars } from "./jars";

prepare("The Java tests compile and run a program", ["java", "javac", "mvn"], async (signal) => {
  await findJars(console.log, signal);
  await findEngine(console.log, signal);
});
