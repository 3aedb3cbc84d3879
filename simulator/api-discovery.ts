/** The small documents of a Kubernetes API server: version, health, and which groups and resources there are. */
import type { JsonObject, ResourceName } from './objects.ts';
import { apiVersionOf, RESOURCE_NAMES, RESOURCES, type Resource } from './resources.ts';

/** Both serve all of this; of the two only 1.34 streams lists, for 1.33 came with the gate WatchList off (kubernetes#131359). */
export type KubernetesVersion = '1.33' | '1.34';

const GIT_VERSIONS: Readonly<Record<KubernetesVersion, string>> = { '1.33': 'v1.33.4+rke2r1', '1.34': 'v1.34.2+rke2r1' };

export const streamsLists = (version: KubernetesVersion): boolean => version === '1.34';

const READ_VERBS = ['get', 'list', 'watch'] as const;

const describe = (resource: Resource): JsonObject => ({
  name: resource.name,
  singularName: resource.singular,
  namespaced: resource.namespaced,
  kind: resource.kind,
  verbs: [...READ_VERBS, ...resource.writes],
  ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
});

function describeGroup(group: string, resources: readonly Resource[]): JsonObject {
  const versions = [...new Set(resources.filter((resource) => resource.group === group).map(({ version }) => version))].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** A document by its path; text where a real server answers text, null where nothing is served (a group without resources). */
export function readDocument(
  path: string,
  isInstalled: (resource: ResourceName) => boolean,
  version: KubernetesVersion,
): JsonObject | string | null {
  const installed = RESOURCE_NAMES.filter(isInstalled).map((name): Resource => RESOURCES[name]);
  const groups = [...new Set(installed.map(({ group }) => group))].filter((group) => group !== '');
  switch (path) {
    case '/livez':
    case '/readyz':
    case '/healthz':
      return 'ok';
    case '/version':
      return {
        major: '1',
        minor: version.slice(2),
        gitVersion: GIT_VERSIONS[version],
        gitTreeState: 'clean',
        goVersion: 'go1.24.5',
        compiler: 'gc',
        platform: 'linux/amd64',
      };
    case '/api':
      return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => describeGroup(group, installed)) };
    default: {
      const groupVersion = path.replace(/^\/apis?\//, '');
      if (groups.includes(groupVersion)) return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(groupVersion, installed) };
      const resources = installed.filter((resource) => apiVersionOf(resource) === groupVersion).map(describe);
      return resources.length === 0 ? null : { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
    }
  }
}
