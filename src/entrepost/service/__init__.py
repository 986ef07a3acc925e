"""What is sold: who may use a service, what it is charged and costs, and which one an order should take."""
