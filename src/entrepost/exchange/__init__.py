"""The world outside: letters by SMTP, webhooks, and the ways between operators: folders, HTTPS, brokers."""
