"""Parts of the Brazilian network: places, ways, prices."""
