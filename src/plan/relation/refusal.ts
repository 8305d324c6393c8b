/** The query asks for something that no engine here computes as Kusto does, or for more than it may have. */
export class RelationRefusal extends Error {}
