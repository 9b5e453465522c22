wrk.method = 'POST'
wrk.body = '{"title":"Buy milk","text":"Two litres, and bread"}'
wrk.headers['content-type'] = 'application/json'
