import assert from "node:assert/strict";
import { confirmations, forms, logOuts, probes } from "./support/scenarios";
import { useCas, useTwin } from "./support/useCas";

const suites = [
  { title: "forms and logins", scenarios: forms, options: {} },
  { title: "probes", scenarios: probes, options: {} },
  { title: "logouts", scenarios: logOuts, options: {} },
  { title: "logouts to confirm", scenarios: confirmations, options: { confirmLogout: true } },
];

for (const { title, scenarios, options } of suites) {
  describe(`The emulator answers as Apereo CAS does: ${title}`, () => {
    const cas = useCas(options);
    const emulator = useTwin(cas, options);
    for (const [name, scenario] of Object.entries(scenarios)) {
      it(name, async () => assert.deepEqual(await scenario(emulator()), await scenario(cas())));
    }
  });
}
