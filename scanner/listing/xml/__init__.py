"""XML -> elements, trees and entries, on a bounded reader: any product's, WebDAV, media servers. Knows `json.rows`."""
