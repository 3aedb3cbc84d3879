/** The version that a session names, for the edge's logs: the package's. */
import packageJson from '../package.json' with { type: 'json' };

export const FORWARDER_VERSION: string = packageJson.version;
