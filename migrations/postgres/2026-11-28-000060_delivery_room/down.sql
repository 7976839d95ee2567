ALTER TABLE delivery RESET (fillfactor);
