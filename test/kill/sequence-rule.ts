/**
 * A rule over two events of the made-up traffic: a web server, and the execution after it. Its state is on its way from
 * one commit to the next most of the time, so that kills fall between the two events.
 */
export const SEQUENCE_RULE = `
[metadata]
maturity = "production"

[rule]
author = ["Vedette"]
description = "A listing within nine seconds of a web server, on the same host."
from = "now-9m"
interval = "5m"
language = "eql"
license = "Apache-2.0"
name = "Listing after a web server"
risk_score = 21
rule_id = "3f2c8f0e-6d0b-4b6f-9a53-6f3d0c8b7a11"
severity = "low"
type = "eql"
query = '''
sequence by host.name with maxspan=9s
  [process where event.type == "start" and process.args : "http.server"]
  [process where event.type == "start" and process.name == "ls"]
'''
`;
