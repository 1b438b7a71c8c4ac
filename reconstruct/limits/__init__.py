"""How much one visitor, one address and all of them together may ask of the site."""
