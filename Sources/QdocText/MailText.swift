internal import CMail
import QdocCore

/// A mail message as one text: what it says of itself, what it says, what came with it.
enum MailText {
    /// - Returns: UTF-8.
    /// - Throws: `damaged_file`.
    static func text(of message: [UInt8]) throws(Failure) -> [UInt8] {
        guard let mail = unsafe message.withUnsafeBytes({ unsafe qdoc_mail_parse($0.baseAddress, $0.count) }) else {
            throw Failure(.damagedFile, "the message cannot be taken apart")
        }
        defer { unsafe qdoc_mail_free(mail) }
        var text = unsafe bytes(mail.pointee.headers)
        text.append(0x0A)
        let body = unsafe bytes(mail.pointee.body)
        text += unsafe mail.pointee.body_is_html != 0 ? HTMLText.plain(body) : body
        let count = unsafe Int(mail.pointee.attachment_count)
        if count > 0 {
            text += Array("\n\nAttachments, which were not opened:\n".utf8)
            for index in 0..<count {
                let attachment = unsafe mail.pointee.attachments[index]
                let name = unsafe bytes(attachment.name)
                text += name.isEmpty ? Array("without a name".utf8) : name
                text += Array(", ".utf8)
                text += unsafe bytes(attachment.type)
                if unsafe attachment.size >= 0 { text += unsafe Array(", \(attachment.size) bytes".utf8) }
                text.append(0x0A)
            }
        }
        if unsafe mail.pointee.is_cut != 0 { text += Array("\nThe message has more parts, which were left out.\n".utf8) }
        return text
    }

    private static func bytes(_ string: UnsafePointer<CChar>?) -> [UInt8] {
        guard let string = unsafe string else { return [] }
        return unsafe Array(String(cString: string).utf8)
    }
}
