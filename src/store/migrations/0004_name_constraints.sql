-- The certificate that the private key of the authority belongs to, in PEM, which `certificate` signed;
-- and its permitted subtrees, separated by spaces. Both are NULL for an authority from before name
-- constraints, whose private key is that of `certificate` itself.
ALTER TABLE authority ADD COLUMN intermediate TEXT;
ALTER TABLE authority ADD COLUMN permitted TEXT;
