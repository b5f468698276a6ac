/** What an element can contain; `null`, `undefined` and `false` add nothing. */
export type Child = Node | string | number | null | undefined | false | readonly Child[];

/** The value of an attribute. A function is an event listener. */
export type Attribute = string | number | boolean | null | undefined | ((event: any) => void);
