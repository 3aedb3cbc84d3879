/// <reference path="../../worker/worker-configuration.d.ts" />
/// <reference path="../../worker/env.d.ts" />
