/** As much of a document as Preact needs to render elements and texts without a browser. */
class TinyNode {
  readonly childNodes: TinyNode[] = [];
  readonly nodeType: number;
  readonly localName: string;
  readonly namespaceURI = 'http://www.w3.org/1999/xhtml';
  parentNode: TinyNode | null = null;
  data = '';

  constructor(localName: string) {
    this.localName = localName;
    this.nodeType = localName === '#text' ? 3 : 1;
  }
  get ownerDocument(): TinyDocument {
    return TINY_DOCUMENT;
  }
  get firstChild(): TinyNode | null {
    return this.childNodes[0] ?? null;
  }
  get nextSibling(): TinyNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }
  get textContent(): string {
    return this.data + this.childNodes.map(({ textContent }) => textContent).join('');
  }
  insertBefore(child: TinyNode, before: TinyNode | null): void {
    child.remove();
    this.childNodes.splice(before === null ? this.childNodes.length : this.childNodes.indexOf(before), 0, child);
    child.parentNode = this;
  }
  removeChild(child: TinyNode): void {
    this.childNodes.splice(this.childNodes.indexOf(child), 1);
    child.parentNode = null;
  }
  remove(): void {
    this.parentNode?.removeChild(this);
  }
  setAttribute(): void {}
  removeAttribute(): void {}
}

interface TinyDocument {
  createElementNS(namespace: string, name: string): TinyNode;
  createTextNode(data: string): TinyNode;
}

const TINY_DOCUMENT: TinyDocument = {
  createElementNS: (_, name) => new TinyNode(name),
  createTextNode: (data) => Object.assign(new TinyNode('#text'), { data }),
};

/** An element in which Preact renders; the global `document` is one that makes its like. */
export function tinyContainer(): TinyNode {
  Object.assign(globalThis, { document: TINY_DOCUMENT });
  return new TinyNode('div');
}
