"""Facts of the world with their days and sources: countries, currencies, rates, mail codes, holidays."""
