/**
 * The shapes that the sandbox's server speaks, named once for every module of the page.
 *
 * @typedef {{command: string, description: string}} Command
 * @typedef {{id: number, name: string, username: string, description: string, commands: Command[]}} Bot
 * @typedef {{id: number, key: string, name: string, username: string | null, note: string,
 *   started: boolean, blocked: boolean, unread: number, unread_groups: Record<string, number>}} Person
 * @typedef {{id: number, title: string, members: number[]}} Group
 * @typedef {{type: string, offset: number, length: number, url?: string}} Entity  offsets in UTF-16 units
 * @typedef {{text: string, callback_data?: string, url?: string, switch_inline_query?: string,
 *   switch_inline_query_current_chat?: string, copy_text?: string}} Button
 * @typedef {{name: string, size: number, file_id: string, mime: string}} DocumentFile
 * @typedef {{file_id: string, width: number, height: number}} Photo
 * @typedef {{id: number, chat_id: number, from: "bot" | number, at: string, text: string, entities: Entity[],
 *   reply_to: number | null, buttons: Button[][], document: DocumentFile | null, photo: Photo | null,
 *   kind: string | null, service: boolean, edited: boolean, via_bot: boolean, pinned: boolean}} Message
 * @typedef {{person_id: number, query_id: string, text: string | null, alert: boolean, url: string | null}} Toast
 * @typedef {{id: string, title?: string, description?: string}} InlineResult
 * @typedef {{query_id: string, results: InlineResult[], next_offset: string,
 *   button?: {text: string, start_parameter?: string}}} InlineAnswer
 * @typedef {{key: string, chatId: number | null}} Spot  who is shown (key), and in which group (null: with the bot)
 */
export {};
