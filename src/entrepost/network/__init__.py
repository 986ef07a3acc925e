"""The nouns of the network, and the folder of CSV files that holds one."""
