/** For the reflector's tests: who listens to it, and objects that it hears of. */
import type { HostFact } from '../../core/facts.ts';
import { formatKubeFailure, type KubeFailure } from '../../forwarder/kube-failure.ts';
import { RESOURCES } from '../../forwarder/projector.ts';
import type { ReflectorSink } from '../../forwarder/reflector.ts';

export const node = (name: string, version = '1', cordoned = false): unknown => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: version },
  spec: { unschedulable: cordoned },
});
export const bookmark = (version: string): unknown => ({ metadata: { resourceVersion: version } });

/** Writes down what a reflector tells, and keeps the picture that follows from it. */
export class Recorder implements ReflectorSink<'host'> {
  readonly told: string[] = [];
  readonly problems: string[] = [];
  readonly unstreamedFor: string[] = [];
  readonly heardTypes: string[] = [];
  readonly hosts = new Map<string, HostFact>();
  readonly #waiting = new Set<() => void>();
  settleCount = 0;
  openedCount = 0;
  malformedCount = 0;

  replace(facts: readonly HostFact[], how: 'stream' | 'pages'): void {
    this.hosts.clear();
    for (const fact of facts) this.hosts.set(fact.name, fact);
    this.#tell(`${how === 'stream' ? 'replace from a stream' : 'replace'} ${facts.map(({ name }) => name).join(' ')}`);
  }
  set(fact: HostFact): void {
    this.hosts.set(fact.name, fact);
    this.#tell(`set ${fact.name}`);
  }
  remove(fact: HostFact): void {
    this.hosts.delete(fact.name);
    this.#tell(`remove ${fact.name}`);
  }
  opened(): void {
    this.openedCount += 1;
  }
  heard(type: 'set' | 'remove' | 'bookmark'): void {
    this.heardTypes.push(type);
  }
  settle(): void {
    this.settleCount += 1;
    for (const look of [...this.#waiting]) look();
  }
  failed(problem: KubeFailure, verb: 'get' | 'list' | 'watch'): void {
    this.problems.push(this.#format(problem, verb));
    this.#tell(`failed ${problem.kind}`);
  }
  recovered(): void {
    this.#tell('recovered');
  }
  unstreamed(failure: KubeFailure): void {
    this.unstreamedFor.push(this.#format(failure, 'watch'));
    this.#tell('unstreamed');
  }
  malformed(reason: string): void {
    this.malformedCount += 1;
    this.#tell(`malformed ${reason}`);
  }
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }
  #format(problem: KubeFailure, verb: 'get' | 'list' | 'watch'): string {
    return formatKubeFailure(problem, { verb, resource: RESOURCES.host, address: 'http://server' });
  }
  #tell(line: string): void {
    this.told.push(line);
    for (const look of [...this.#waiting]) look();
  }
}
