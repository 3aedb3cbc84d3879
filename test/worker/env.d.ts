/// <reference path="../../worker/worker-configuration.d.ts" />
/// <reference path="../../worker/env.d.ts" />

declare module '*?raw' {
  const text: string;
  export default text;
}
