//! 领域 — the fields of public life that data and grants by sector belong to (Articles 7, 8 and 12).
//!
//! The Measures name no list of sectors. This one is the platform's own reading: the subject areas in
//! which national pilots opened public information, which cities' catalogues have used since.

words! {
    /// 行业领域.
    pub enum Sector {
        Credit = "信用服务",
        Health = "医疗卫生",
        Employment = "社保就业",
        PublicSafety = "公共安全",
        Housing = "城建住房",
        Transport = "交通运输",
        Education = "教育文化",
        Science = "科技创新",
        Energy = "资源能源",
        Environment = "生态环境",
        Production = "工业农业",
        Trade = "商贸流通",
        Finance = "财税金融",
        WorkSafety = "安全生产",
        Market = "市场监管",
        Relief = "社会救助",
        Law = "法律服务",
        Living = "生活服务",
        Weather = "气象服务",
        Geography = "地理空间",
        Bodies = "机构团体",
    }
}
