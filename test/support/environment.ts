/** Gives each test of the enclosing suite an environment with nothing in it but `variables`. */
export function useEnvironment(variables: () => Record<string, string> = () => ({})): void {
  const whole = process.env;
  beforeEach(() => {
    process.env = { HOME: "/nonexistent", ...variables() };
  });
  afterEach(() => {
    process.env = whole;
  });
}
