-- The intermediate certificate in PEM, signed by `certificate`; the private key of the row belongs to it.
-- Its permitted subtrees are separated by spaces. Both columns are NULL for an authority without name
-- constraints, whose private key belongs to `certificate`.
ALTER TABLE authority ADD COLUMN intermediate TEXT;
ALTER TABLE authority ADD COLUMN permitted TEXT;
