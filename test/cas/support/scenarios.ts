import { hiddenInputs, type Received } from "../../support/client";
import { call, isAlive, logIn, logOut, openSession, post, SERVICE, type Target } from "./browser";
import { type Shape, shapeOf } from "./shape";

/** What one server does: the shapes of its answers, and whether a session was alive afterwards. */
type Seen = (Shape | boolean)[];

type Scenario = (target: Target) => Promise<Seen>;

const MADE_UP = "TGC=TGT-0-made-up";
const UNREGISTERED = "https://elsewhere.example/";

const one =
  (request: (target: Target) => Promise<Received>): Scenario =>
  async (target) => [shapeOf(await request(target))];

/** Answers to the cookie of an open session. */
const inSession =
  (request: (target: Target, cookie: string) => Promise<Received>): Scenario =>
  async (target) => {
    const cookie = await openSession(target);
    return [shapeOf(await request(target, cookie)), await isAlive(target, cookie)];
  };

const without =
  (name: string): Scenario =>
  async (target) => {
    const { username, password } = target;
    const { [name]: _, ...hidden } = hiddenInputs(await call(target, "/login"));
    return [shapeOf(await post(target, "/login", { ...hidden, username, password }))];
  };

const staleForm: Scenario = async (target) => {
  const hidden = hiddenInputs(await call(target, "/login"));
  const { username, password } = target;
  const first = await post(target, "/login", { ...hidden, username, password });
  const second = await post(target, "/login", { ...hidden, username, password });
  return [shapeOf(first), shapeOf(second)];
};

export const forms: Record<string, Scenario> = {
  "the form": one((target) => call(target, "/login")),
  "the form for a service": one((target) => call(target, "/login", { service: SERVICE })),
  "the form for an unregistered service": one((target) => call(target, "/login", { service: UNREGISTERED })),
  "a login": one((target) => logIn(target)),
  "a login for a service": one((target) => logIn(target, {}, { service: SERVICE })),
  "a wrong password": one((target) => logIn(target, { password: "wrong" })),
  "a wrong password for a service": one((target) =>
    logIn(target, { password: "wrong" }, { service: SERVICE }),
  ),
  "an empty password": one((target) => logIn(target, { password: "" })),
  "an unknown user": one((target) => logIn(target, { username: "nobody" })),
  "a made-up execution": one((target) => logIn(target, { execution: "e1s1" })),
  "an empty execution": one((target) => logIn(target, { execution: "" })),
  "a form without execution": without("execution"),
  "a form without _eventId": without("_eventId"),
  "a form without geolocation": without("geolocation"),
  "a form sent twice": staleForm,
};

export const probes: Record<string, Scenario> = {
  "a live cookie": inSession((target, cookie) => call(target, "/login", { cookie })),
  "a live cookie with a service": inSession((target, cookie) =>
    call(target, "/login", { cookie, service: SERVICE }),
  ),
  "a live cookie with an unregistered service": inSession((target, cookie) =>
    call(target, "/login", { cookie, service: UNREGISTERED }),
  ),
  "a live cookie from another User-Agent": inSession((target, cookie) =>
    call(target, "/login", { cookie, service: SERVICE, userAgent: "tests/2" }),
  ),
  "a made-up cookie": one((target) => call(target, "/login", { cookie: MADE_UP })),
  "a made-up cookie with a service": one((target) =>
    call(target, "/login", { cookie: MADE_UP, service: SERVICE }),
  ),
  "a dead cookie": async (target) => {
    const cookie = await openSession(target);
    await logOut(target, cookie);
    const service = SERVICE;
    const answers = [
      await call(target, "/login", { cookie }),
      await call(target, "/login", { cookie, service }),
    ];
    return answers.map(shapeOf);
  },
};

export const logOuts: Record<string, Scenario> = {
  "a logout with an empty body": inSession((target, cookie) => logOut(target, cookie)),
  "a logout with the body {}": inSession((target, cookie) => logOut(target, cookie, { body: "{}" })),
  "a logout by GET": inSession((target, cookie) => call(target, "/logout", { cookie })),
  "a logout by a form": inSession((target, cookie) => post(target, "/logout", {}, { cookie })),
  "a second logout": inSession(async (target, cookie) => {
    await logOut(target, cookie);
    return logOut(target, cookie);
  }),
  "a logout from another User-Agent": inSession((target, cookie) =>
    logOut(target, cookie, { userAgent: "tests/2" }),
  ),
  "a logout with a made-up cookie": one((target) => logOut(target, MADE_UP)),
  "a logout without a cookie": one((target) => logOut(target, "")),
};

const confirmed = (fields: Record<string, string>) =>
  inSession(async (target, cookie) => {
    const page = await logOut(target, cookie);
    return post(target, "/logout", { ...hiddenInputs(page), ...fields }, { cookie });
  });

const confirmedWithout = (name: string) =>
  inSession(async (target, cookie) => {
    const { [name]: _, ...hidden } = hiddenInputs(await logOut(target, cookie));
    return post(target, "/logout", hidden, { cookie });
  });

const confirmedByAnother: Scenario = async (target) => {
  const [mine, other] = [await openSession(target), await openSession(target)];
  const answer = await post(target, "/logout", hiddenInputs(await logOut(target, other)), { cookie: mine });
  return [shapeOf(answer), await isAlive(target, mine), await isAlive(target, other)];
};

/** For servers that ask to confirm a logout. */
export const confirmations: Record<string, Scenario> = {
  "a logout": inSession((target, cookie) => logOut(target, cookie)),
  "a confirmed logout": confirmed({}),
  "a logout of a session that is over": inSession(async (target, cookie) => {
    await post(target, "/logout", hiddenInputs(await logOut(target, cookie)), { cookie });
    return logOut(target, cookie);
  }),
  "a logout confirmed twice": inSession(async (target, cookie) => {
    const hidden = hiddenInputs(await logOut(target, cookie));
    await post(target, "/logout", hidden, { cookie });
    return post(target, "/logout", hidden, { cookie });
  }),
  "a logout confirmed by another session's page": confirmedByAnother,
  "a logout confirmed with a made-up execution": confirmed({ execution: "e1s1" }),
  "a logout confirmed with another _eventId": confirmed({ _eventId: "submit" }),
  "a logout confirmed without execution": confirmedWithout("execution"),
  "a logout confirmed without _eventId": confirmedWithout("_eventId"),
  "what the page's event is called": async (target) => {
    const cookie = await openSession(target);
    return [hiddenInputs(await logOut(target, cookie))._eventId === "success"];
  },
  "a logout with a made-up cookie": one((target) => logOut(target, MADE_UP)),
  "a logout without a cookie": one((target) => logOut(target, "")),
};
