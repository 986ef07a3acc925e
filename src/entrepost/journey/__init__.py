"""The core: exact arrival-time distributions over the steps of a journey, and what is promised from them."""
