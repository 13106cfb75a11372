"""How alerts reach those who do not ask: webhooks, hubs, files; and who may ask how often."""
