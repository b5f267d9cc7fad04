"""What the demo's branches talk about: plausible, harmless, made up; by sector and season."""

from __future__ import annotations

AGENDA = (
    ("Thông tin thời sự và văn bản mới của cấp trên", 15, "template"),
    ("Tài liệu sinh hoạt chi bộ trong tháng", 15, "material"),
    ("Kiểm điểm việc thực hiện nhiệm vụ tháng trước", 20, "template"),
    ("Nhiệm vụ trọng tâm trong tháng", 25, "template"),
    ("Phân công nhiệm vụ cho đảng viên", 15, "template"),
)
THEMES = (
    "Tự soi, tự sửa theo các nghị quyết về xây dựng Đảng",
    "Học tập và làm theo phong cách nêu gương của Bác Hồ",
    "Chuyển đổi số trong sinh hoạt và công việc của chi bộ",
    "Giữ gìn vệ sinh môi trường, xây dựng khu dân cư kiểu mẫu",
    "Nâng cao chất lượng công tác phát triển đảng viên",
    "Vai trò của đảng viên trong hòa giải ở cơ sở",
)
CONCLUSIONS = (
    "Chi bộ thống nhất nội dung đã trình bày; đồng chí bí thư bổ sung vào kế hoạch tháng.",
    "Đa số ý kiến tán thành; giao chi ủy theo dõi và báo cáo kết quả vào kỳ sinh hoạt sau.",
    "Các việc tháng trước cơ bản hoàn thành; hai việc còn lại chuyển sang tháng này.",
    "Thống nhất tổ chức vào sáng thứ Bảy tuần thứ hai; mỗi đảng viên phụ trách một nhóm hộ.",
    "Chi bộ nhất trí đăng ký thực hiện và phân công từng đồng chí phụ trách phần việc.",
)
DISCUSSION = (
    "Có ba ý kiến phát biểu, tập trung vào cách làm và thời gian thực hiện.",
    "Các ý kiến đề nghị làm sớm hơn để kịp thời vụ và có người đôn đốc từng nhóm.",
    "Ý kiến thảo luận thống nhất cao, đề nghị thông báo rộng rãi tới nhân dân.",
)
RESOLUTIONS = (
    (
        "tăng cường vệ sinh môi trường trong khu dân cư",
        "Ra quân dọn vệ sinh đường làng, ngõ phố vào sáng thứ Bảy hằng tuần.",
        "Vận động mỗi hộ phân loại rác tại nhà, đóng góp trồng hoa hai bên đường.",
    ),
    (
        "phát triển đảng viên trong năm",
        "Rà soát quần chúng ưu tú, giới thiệu ít nhất một người học lớp nhận thức về Đảng.",
        "Phân công đảng viên chính thức giúp đỡ quần chúng trong nguồn.",
    ),
    (
        "nâng cao chất lượng sinh hoạt chi bộ",
        "Gửi tài liệu cho đảng viên trước kỳ sinh hoạt ít nhất một ngày.",
        "Mỗi kỳ dành ít nhất ba mươi phút cho thảo luận.",
    ),
    (
        "phòng chống thiên tai trong mùa mưa bão",
        "Kiểm tra mương thoát nước, chằng chống nhà văn hóa trước ngày 15.",
        "Lập tổ xung kích mười người, trực khi có lệnh của Ủy ban nhân dân phường.",
    ),
    (
        "thực hiện chuyển đổi số trong cộng đồng",
        "Hướng dẫn người cao tuổi dùng dịch vụ công trực tuyến vào chiều thứ Năm.",
        "Mỗi đảng viên trẻ giúp hai hộ cài đặt và sử dụng.",
    ),
)
TASKS = {
    "residential": (
        "Vận động 5 hộ chỉnh trang hàng rào, vỉa hè",
        "Rà soát đảng viên đi làm ăn xa, liên hệ từng đồng chí",
        "Chuẩn bị nội dung sinh hoạt chuyên đề",
        "Gặp gỡ quần chúng ưu tú, nắm nguyện vọng vào Đảng",
        "Sửa hệ thống loa của nhà văn hóa tổ dân phố",
        "Lập danh sách hộ cần giúp đỡ trước Tết",
        "Theo dõi việc dọn vệ sinh sáng thứ Bảy",
        "Thu, nộp đảng phí trong quý",
    ),
    "school": (
        "Chuẩn bị chuyên đề đổi mới phương pháp dạy học",
        "Giới thiệu giáo viên trẻ học lớp nhận thức về Đảng",
        "Phụ trách hoạt động hè của học sinh",
        "Tổng hợp ý kiến góp ý cho kế hoạch năm học",
    ),
    "office": (
        "Tổng hợp kết quả giải quyết thủ tục hành chính trong tháng",
        "Chuẩn bị báo cáo học tập nghị quyết",
        "Theo dõi việc chấp hành giờ làm việc",
        "Hướng dẫn nhân dân dùng dịch vụ công trực tuyến",
    ),
}
REPORTS = (
    "Đã làm xong, có sự tham gia của nhiều hộ.",
    "Hoàn thành theo kế hoạch, kết quả tốt.",
    "Đã liên hệ đủ các đồng chí, có danh sách kèm theo sổ của chi bộ.",
)
NOT_HELD = ("Mưa lũ lớn, nhà văn hóa ngập, không đi lại được", "Trùng đợt cao điểm phòng chống bão")
PUT_OFF = (
    "Bận phục vụ kỳ họp của phường",
    "Trùng ngày tang lễ trong tổ dân phố",
    "Mất điện toàn khu vực",
)
MATERIAL = (
    "Kết quả phát triển kinh tế, xã hội của tỉnh và của phường trong tháng",
    "Thời sự trong nước và quốc tế cần lưu ý",
    "Giới thiệu văn bản mới của Trung ương và của tỉnh",
    "Gương người tốt, việc tốt; cách làm hay ở cơ sở",
)
