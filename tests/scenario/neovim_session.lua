-- SPDX-License-Identifier: Apache-2.0
-- A person's session in Neovim, told to neovim_test.py as JSON on the standard output.
local told = {}
local patience = 20000

local function diagnostics()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { line = one.lnum, column = one.col, last = one.end_col, text = one.message })
  end
  return found
end

local function wait_for(what, condition)
  if not vim.wait(patience, condition, 5) then error('waited in vain for ' .. what) end
end

local function ask(method, line, column)
  local answers = vim.lsp.buf_request_sync(0, method, {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = line, character = column },
  }, patience)
  for _, answer in pairs(answers or {}) do return answer.result end
end

local function client()
  for _, one in pairs(vim.lsp.get_active_clients()) do return one end
end

local function session()
  told.filetype = vim.bo.filetype
  wait_for('the server', function() local one = client(); return one and one.initialized end)
  wait_for('a diagnostic', function() return #vim.diagnostic.get(0) > 0 end)
  told.opened = diagnostics()
  told.hover = ask('textDocument/hover', 4, 16).contents.value
  told.words = {}
  for _, item in ipairs(ask('textDocument/completion', 1, 2)) do table.insert(told.words, item.label) end
  -- Typing the missing letter.
  vim.api.nvim_buf_set_text(0, 4, 32, 4, 32, { 'o' })
  wait_for('the mistake to go', function() return #vim.diagnostic.get(0) == 0 end)
  vim.cmd('let &undolevels = &undolevels')  -- ends what one undo takes back
  -- Several lines at once, and an undo of it.
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'pipeline {', '  nonsense', '  // 😀' })
  wait_for('a new mistake', function() return #vim.diagnostic.get(0) > 0 end)
  told.edited = diagnostics()
  vim.cmd('silent undo')
  wait_for('it to be undone', function() return #vim.diagnostic.get(0) == 0 end)
  local id = client().id
  vim.lsp.stop_client(id)
  wait_for('the end of the server', function() return vim.lsp.get_client_by_id(id) == nil end)
end

local ok, problem = pcall(session)
if not ok then told.problem = tostring(problem) end
io.stdout:write(vim.fn.json_encode(told) .. '\n')
vim.cmd('qa!')
