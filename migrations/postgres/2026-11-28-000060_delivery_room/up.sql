-- A claim changes no indexed column: with room in the page the new version stays there and no index is touched.
ALTER TABLE delivery SET (fillfactor = 70);
