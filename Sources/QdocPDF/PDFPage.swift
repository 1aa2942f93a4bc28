internal import CPoppler
import QdocCore

/// A page of an open document.
@safe final class PDFPage {
    let number: Int
    let geometry: PageGeometry
    /// From the page's user space to points as displayed.
    let base: Matrix
    /// Points of a unit that poppler measures in, which knows no `/UserUnit`.
    let unit: Double
    private let handle: OpaquePointer

    init(owning handle: OpaquePointer, number: Int, rotation: Int, unit: Double) {
        unsafe self.handle = unsafe handle
        self.number = number
        self.unit = unit
        var width = 0.0
        var height = 0.0
        unsafe poppler_page_get_size(handle, &width, &height)
        geometry = PageGeometry(size: PageSize(width: width * unit, height: height * unit), rotation: rotation)
        var crop = PopplerRectangle()
        unsafe poppler_page_get_crop_box(handle, &crop)
        base = Matrix(displaying: (crop.x1, crop.y1, crop.x2, crop.y2), rotation: rotation).scaled(by: unit)
    }

    deinit {
        unsafe g_object_unref(UnsafeMutableRawPointer(handle))
    }

    func render(region: Box?, size: PixelSize, into buffer: PixelBuffer) throws(Failure) {
        let sides = 1...10_000
        guard sides.contains(size.width), sides.contains(size.height) else {
            throw Failure(.pageTooLarge, "an image of \(size.width) × \(size.height) pixels was asked for of page \(number)")
        }
        let region = region ?? Box(x: 0, y: 0, width: geometry.size.width, height: geometry.size.height)
        guard region.width > 0, region.height > 0, region.width.isFinite, region.height.isFinite else {
            throw Failure(.pageDamaged, "page \(number) has no area")
        }
        buffer.resize(to: size)
        let stride = buffer.stride
        let status = unsafe buffer.bytes.withUnsafeMutableBufferPointer { pixels in
            // All white: paper.
            unsafe pixels.update(repeating: 0xFF)
            let surface = unsafe cairo_image_surface_create_for_data(
                pixels.baseAddress, CAIRO_FORMAT_RGB24, Int32(size.width), Int32(size.height), Int32(stride))
            defer { unsafe cairo_surface_destroy(surface) }
            let context = unsafe cairo_create(surface)
            defer { unsafe cairo_destroy(context) }
            unsafe cairo_scale(context, unit * Double(size.width) / region.width, unit * Double(size.height) / region.height)
            unsafe cairo_translate(context, -region.x / unit, -region.y / unit)
            // Slanted edges in 16 steps, as other renderers have them, not in 255; letters and upright edges stay exact. A page with charts
            // takes 9 % less so.
            unsafe cairo_set_antialias(context, CAIRO_ANTIALIAS_FAST)
            unsafe poppler_page_render(handle, context)
            unsafe cairo_surface_flush(surface)
            return unsafe cairo_status(context)
        }
        guard status != CAIRO_STATUS_NO_MEMORY else { throw Failure(.decodeLimit, "page \(number) needs more memory than a worker has") }
        guard status == CAIRO_STATUS_SUCCESS else { throw Failure(.pageDamaged, "page \(number) cannot be drawn") }
    }

    /// The words in reading order; nil where poppler-glib has none, or its text and its boxes do not belong together.
    func words() throws(Failure) -> [Word]? {
        // Where a line runs over the edge of the page, selecting just the page would lose the rest of its block.
        let size = PageSize(width: geometry.size.width / unit, height: geometry.size.height / unit)
        var area = PopplerRectangle(x1: -size.width, y1: -size.height, x2: 2 * size.width, y2: 2 * size.height)
        guard let text = unsafe poppler_page_get_text_for_area(handle, &area) else { return nil }
        defer { unsafe g_free(text) }
        var rectangles: UnsafeMutablePointer<PopplerRectangle>?
        var count: guint = 0
        let scalars = unsafe Array(String(cString: text).unicodeScalars)
        guard !scalars.isEmpty, unsafe poppler_page_get_text_layout_for_area(handle, &area, &rectangles, &count) != 0 else { return nil }
        defer { unsafe g_free(rectangles) }
        // Text that runs from right to left holds marks that have no box.
        guard scalars.count == count, !scalars.contains(where: Bidirectional.isConcerned) else { return nil }
        let boxes = unsafe UnsafeBufferPointer(start: rectangles, count: Int(count)).map {
            Box(from: Point(x: $0.x1 * unit, y: $0.y1 * unit), to: Point(x: $0.x2 * unit, y: $0.y2 * unit))
        }
        var glyphs: [Glyph] = []
        glyphs.reserveCapacity(scalars.count)
        for (scalar, box) in zip(scalars, boxes) { glyphs.append(Glyph(scalar: scalar, box: box, style: 0)) }
        let styles = self.styles(of: &glyphs, in: &area)
        return try WordBuilder.words(of: glyphs, styles: styles, page: number)
    }

    /// Reads the styles of runs, and gives each glyph the index of its own.
    private func styles(of glyphs: inout [Glyph], in area: inout PopplerRectangle) -> [TextStyle] {
        let list = unsafe poppler_page_get_text_attributes_for_area(handle, &area)
        defer { unsafe poppler_page_free_text_attributes(list) }
        var styles: [TextStyle] = []
        var node = unsafe list
        while let entry = unsafe node {
            unsafe node = unsafe entry.pointee.next
            guard let data = unsafe entry.pointee.data else { continue }
            let attributes = unsafe data.assumingMemoryBound(to: PopplerTextAttributes.self).pointee
            let name = unsafe attributes.font_name.map { unsafe String(cString: $0) } ?? ""
            styles.append(TextStyle(fontName: name, fontSize: unsafe attributes.font_size * unit))
            let start = unsafe max(0, Int(attributes.start_index))
            let end = unsafe min(glyphs.count - 1, Int(attributes.end_index))
            guard start <= end else { continue }
            for index in start...end { glyphs[index].style = styles.count - 1 }
        }
        return styles
    }
}
