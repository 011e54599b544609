import { inputError } from '@ggdln/core';

const where = '@ggdln/architectures createGdln';

/** A layer of `width` linear units. */
export interface GdlnNode {
  readonly id: string;
  readonly width: number;
  readonly role: 'input' | 'hidden' | 'output';
}

/** A weight matrix, target width × source width. Several edges may join the same two nodes. */
export interface GdlnEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/** A gated deep linear network as plain data: it goes through JSON as it is. */
export interface GdlnGraph {
  readonly nodes: readonly GdlnNode[];
  readonly edges: readonly GdlnEdge[];
}

/** A checked graph. */
export interface Gdln {
  readonly graph: GdlnGraph;
  /** Every node after those it reads from. */
  readonly order: readonly GdlnNode[];
  node(id: string): GdlnNode;
  incoming(id: string): readonly GdlnEdge[];
  outgoing(id: string): readonly GdlnEdge[];
}

/**
 * Checks a graph and orders its nodes.
 * @throws GGDLN_INPUT for names that are taken twice or unknown, widths below 1, edges into inputs, cycles (with their
 * nodes), and outputs that no input reaches.
 */
export function createGdln(graph: GdlnGraph): Gdln {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  requireNames(graph, nodes);
  const edgesAt = (end: 'source' | 'target') => {
    const lists = new Map<string, GdlnEdge[]>(graph.nodes.map(({ id }) => [id, []]));
    for (const edge of graph.edges) lists.get(edge[end])?.push(edge);
    return lists;
  };
  const [outgoing, incoming] = [edgesAt('source'), edgesAt('target')];
  const order = orderOf(graph, incoming);
  requireReach(order, incoming);
  const get = <T>(map: ReadonlyMap<string, T>, id: string): T => {
    const value = map.get(id);
    if (value === undefined)
      throw inputError(where, `there is no node ${id}`, `Known are ${[...nodes.keys()].join(', ')}`);
    return value;
  };
  return {
    graph,
    order,
    node: (id) => get(nodes, id),
    incoming: (id) => get(incoming, id),
    outgoing: (id) => get(outgoing, id),
  };
}

function requireNames({ nodes, edges }: GdlnGraph, known: ReadonlyMap<string, GdlnNode>): void {
  for (const [kind, items] of [
    ['node', nodes],
    ['edge', edges],
  ] as const) {
    const seen = new Set<string>();
    for (const { id } of items) {
      if (seen.has(id)) throw inputError(where, `two ${kind}s are called ${id}`, 'Give each a name of its own');
      seen.add(id);
    }
  }
  for (const { id, width, role } of nodes) {
    if (!Number.isInteger(width) || width < 1) {
      throw inputError(where, `node ${id} has width ${JSON.stringify(width)}`, 'Widths are whole numbers ≥ 1');
    }
    if (!['input', 'hidden', 'output'].includes(role)) {
      throw inputError(where, `node ${id} has role ${role}`, 'Roles are input, hidden and output');
    }
  }
  for (const { id, source, target } of edges) {
    const unknown = [source, target].find((end) => !known.has(end));
    if (unknown !== undefined) {
      throw inputError(where, `edge ${id} names the node ${unknown}`, `Known are ${[...known.keys()].join(', ')}`);
    }
    if (known.get(target)?.role === 'input') {
      throw inputError(where, `edge ${id} goes into the input ${target}`, 'Inputs only have outgoing edges');
    }
  }
}

function orderOf({ nodes }: GdlnGraph, incoming: ReadonlyMap<string, readonly GdlnEdge[]>): GdlnNode[] {
  const order: GdlnNode[] = [];
  const placed = new Set<string>();
  let waiting = [...nodes];
  while (waiting.length > 0) {
    const ready = waiting.filter(({ id }) => incoming.get(id)?.every(({ source }) => placed.has(source)));
    if (ready.length === 0) {
      throw inputError(
        where,
        `there is a cycle: ${cycleAmong(waiting, incoming).join(' → ')}`,
        'Edges must not lead back; take one of these out, or turn it around',
      );
    }
    for (const node of ready) placed.add(node.id);
    order.push(...ready);
    waiting = waiting.filter(({ id }) => !placed.has(id));
  }
  return order;
}

/** Nodes around a cycle, the first one again at the end. Every waiting node reads from another one that waits. */
function cycleAmong(waiting: readonly GdlnNode[], incoming: ReadonlyMap<string, readonly GdlnEdge[]>): string[] {
  const names = new Set(waiting.map(({ id }) => id));
  const trail: string[] = [waiting[0].id];
  for (;;) {
    const before = incoming.get(trail[0])?.find(({ source }) => names.has(source))?.source ?? trail[0];
    const met = trail.indexOf(before);
    trail.unshift(before);
    if (met >= 0) return trail.slice(0, met + 2);
  }
}

function requireReach(order: readonly GdlnNode[], incoming: ReadonlyMap<string, readonly GdlnEdge[]>): void {
  const reached = new Set<string>();
  for (const { id, role } of order) {
    if (role === 'input' || incoming.get(id)?.some(({ source }) => reached.has(source))) reached.add(id);
    else if (role === 'output') {
      throw inputError(where, `no input reaches the output ${id}`, 'Add a path of edges to it, or leave it out');
    }
  }
  if (!order.some(({ role }) => role === 'output')) throw inputError(where, 'there is no output', 'Add one');
}
