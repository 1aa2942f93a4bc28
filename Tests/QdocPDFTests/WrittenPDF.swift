/// PDFs written by the tests themselves; poppler finds the objects of a file without a cross-reference table.
enum WrittenPDF {
    /// A document with one page for each content.
    static func bytes(
        _ contents: String..., mediaBox: String = "0 0 200 100", page: String = "", resources: String = "", objects: String = "",
        fonts: String = ""
    ) -> [UInt8] {
        let kids = contents.indices.map { "\(10 + 2 * $0) 0 R" }.joined(separator: " ")
        var text = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        text += "2 0 obj<</Type/Pages/Kids[\(kids)]/Count \(contents.count)>>endobj\n"
        text += "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        text += "4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>endobj\n"
        for (index, content) in contents.enumerated() {
            text += "\(10 + 2 * index) 0 obj<</Type/Page/Parent 2 0 R/MediaBox[\(mediaBox)]\(page)"
            text += "/Resources<</Font<</F 3 0 R/B 4 0 R\(fonts)>>\(resources)>>/Contents \(11 + 2 * index) 0 R>>endobj\n"
            text += "\(11 + 2 * index) 0 obj<</Length \(content.utf8.count)>>stream\n\(content)\nendstream endobj\n"
        }
        return Array((text + objects + "trailer<</Root 1 0 R>>\n%%EOF\n").utf8)
    }

    /// A page that says "secret", encrypted by RC4 with 128 bits (revision 3): user password `user`, owner password `owner`.
    static var encrypted: [UInt8] {
        let digits = encryptedHex.utf8.filter { $0 != 0x0A }.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static let encryptedHex = """
        255044462d312e340a25bff7a2fe0a312030206f626a0a3c3c202f5061676573203220302052202f54797065202f436174616c6f67203e3e0a656e64
        6f626a0a322030206f626a0a3c3c202f436f756e742031202f4b696473205b203320302052205d202f54797065202f5061676573203e3e0a656e646f
        626a0a332030206f626a0a3c3c202f436f6e74656e7473203420302052202f4d65646961426f78205b203020302032303020313030205d202f506172
        656e74203220302052202f5265736f7572636573203c3c202f466f6e74203c3c202f46203c3c202f42617365466f6e74202f48656c76657469636120
        2f53756274797065202f5479706531202f54797065202f466f6e74203e3e203e3e203e3e202f54797065202f50616765203e3e0a656e646f626a0a34
        2030206f626a0a3c3c202f4c656e677468203435202f46696c746572202f466c6174654465636f6465203e3e0a73747265616d0ac26891d9f5db29a3
        47ca6311ce98214553ba1a5187f9f0d350dba1f22c365c0908be6f75a73f74341e35259c83656e6473747265616d0a656e646f626a0a352030206f62
        6a0a3c3c202f46696c746572202f5374616e64617264202f4c656e67746820313238202f4f203c306261333833356638386639303338386537346535
        343538343132356365313432626530646532346336623064333737343665303735623839313735363637313e202f50202d34202f522033202f55203c
        373633663935346431363632323031356565383862363062336562386637353930313232343536613931626165353133343237336136646231333463
        383763343e202f562032203e3e0a656e646f626a0a787265660a3020360a303030303030303030302036353533352066200a30303030303030303135
        203030303030206e200a30303030303030303634203030303030206e200a30303030303030313233203030303030206e200a30303030303030323939
        203030303030206e200a30303030303030343134203030303030206e200a747261696c6572203c3c202f526f6f74203120302052202f4944205b3c33
        313431353932363533353839373933323338343632363433333833323739353e3c333134313539323635333538393739333233383436323634333338
        33323739353e5d202f456e6372797074203520302052203e3e0a7374617274787265660a3632310a2525454f460a
        """
}
